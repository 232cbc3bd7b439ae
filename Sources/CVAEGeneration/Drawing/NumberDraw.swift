import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph

/// Draws of a field's numbers from one Gaussian or several, cut to a range.
struct NumberDraw: Sendable {
  private let field: Field
  private let preprocessing: Preprocessing
  /// For a table's numbers: their grid, and the range that training records have.
  private let grid: (form: NumberForm, range: ClosedRange<Double>)?
  /// The deviation of all records, of a single Gaussian.
  private let deviation: Float
  /// The Gaussians of each value.
  private let components: Int

  init(_ field: Field, model: TrainedModel) {
    self.field = field
    preprocessing = model.preprocessing
    let known = preprocessing.scales[field.name]
    grid = preprocessing.forms[field.name].flatMap { form in
      known.map { (form, $0.minimum[0]...$0.maximum[0]) }
    }
    switch model.model.prediction(of: field) {
    case .gaussian(let name):
      deviation = model.tensors[name]?.values.first.map { Float(exp(Double($0))) } ?? 0
      components = 1
    case .mixture(let count): (deviation, components) = (0, count)
    case nil: (deviation, components) = (0, 1)
    }
  }

  /// A value drawn from a row's distribution cut to a range, and the share of the distribution that lies there.
  func draw(
    _ prediction: UnsafeBufferPointer<Float>, row: Int, within range: ClosedRange<Double>,
    _ words: SIMD4<UInt32>
  ) -> (number: Double, seen: Float, share: Double) {
    let name = field.name
    let low = Double(preprocessing.standardised(range.lowerBound, field: name, position: 0))
    let high = Double(preprocessing.standardised(range.upperBound, field: name, position: 1))
    let parts = gaussians(prediction, row: row)
    let below = parts.map { NormalDistribution.cumulative((low - $0.mean) / $0.deviation) }
    let masses = zip(parts, below).map { part, below in
      part.share
        * max(0, NormalDistribution.cumulative((high - part.mean) / part.deviation) - below)
    }
    let total = masses.reduce(0, +)
    let (first, second) = (Philox.uniform(words.x), Philox.uniform(words.y))
    // Where the distribution has no share in the range, every number of it is equally likely.
    guard total > 1e-12, high > low else {
      let number = onGrid(
        range.lowerBound + second * (range.upperBound - range.lowerBound), within: range)
      let seen = preprocessing.standardised(number, field: name)
      return (number, seen, 1e-12)
    }
    var rest = first * total
    let place =
      masses.firstIndex { mass in
        rest -= mass
        return rest < 0
      } ?? 0
    let level = below[place] + second * masses[place] / parts[place].share
    let normal =
      parts[place].mean
      + parts[place].deviation * NormalDistribution.quantile(min(max(level, 1e-15), 1 - 1e-15))
    let seen = Float(min(max(normal, low), high))
    return (
      onGrid(preprocessing.original(seen, field: name), within: range), seen, total
    )
  }

  private func gaussians(
    _ prediction: UnsafeBufferPointer<Float>, row: Int
  ) -> [(share: Double, mean: Double, deviation: Double)] {
    guard components > 1 else {
      return [(1, Double(prediction[row * field.width]), max(Double(deviation), 1e-6))]
    }
    let start = row * 3 * components
    return (start..<start + components).map { place in
      (
        Double(prediction[place]), Double(prediction[place + components]),
        Double(prediction[place + 2 * components])
      )
    }
  }

  /// The nearest number in a range that the column can have; if it can have none there, any number of the range.
  private func onGrid(_ number: Double, within range: ClosedRange<Double>) -> Double {
    let inside = min(max(number, range.lowerBound), range.upperBound)
    let rounded = grid?.form.rounded(inside) ?? inside
    return range.contains(rounded) ? rounded : inside
  }
}
