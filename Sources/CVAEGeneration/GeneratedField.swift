import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordSchema
import TensorFiles
import TensorGraph

/// How a generated field's values come out of what the decoder says of their distribution.
struct GeneratedField {
  let field: Field
  private let preprocessing: Preprocessing
  /// Of a table's numbers: their grid, and the range that training records have.
  private let grid: (form: NumberForm, range: ClosedRange<Double>)?
  /// The deviation of all records, of a Gaussian.
  private let noise: Float
  /// The components of each value, of a mixture.
  private let components: Int?

  init(_ field: Field, model: TrainedModel) {
    self.field = field
    preprocessing = model.preprocessing
    let known = preprocessing.scales[field.name]
    grid = model.preprocessing.forms[field.name].flatMap { form in
      known.map { (form, $0.minimum[0]...$0.maximum[0]) }
    }
    switch model.model.prediction(of: field) {
    case .gaussian(let name):
      noise = model.tensors[name]?.values.first.map { Float(exp(Double($0))) } ?? 0
      components = nil
    case .mixture(let count): (noise, components) = (0, count)
    case nil: (noise, components) = (0, nil)
    }
  }

  /// The nearest number that a record of the table could have.
  private static func fitted(
    _ number: Float, to form: NumberForm, within range: ClosedRange<Double>
  ) -> Float {
    Float(form.rounded(min(max(Double(number), range.lowerBound), range.upperBound)))
  }

  /// The place of the component at a share of the mixture.
  private static func pick(
    _ numbers: UnsafeBufferPointer<Float>, at start: Int, _ components: Int, _ share: Double
  ) -> Int {
    var rest = Float(share)
    for place in start..<start + components - 1 {
      rest -= numbers[place]
      if rest < 0 { return place }
    }
    return start + components - 1
  }

  func emptyColumn(count: Int) -> GeneratedRecords.Values {
    switch field.kind {
    case .image:
      var pixels: [Float] = []
      pixels.reserveCapacity(count * field.width)
      return .pixels(pixels)
    case .number, .vector: return .reals([])
    case .category: return .levels([])
    }
  }

  /// Adds the rows' values to a column.
  func append(
    _ numbers: UnsafeBufferPointer<Float>, rows: Range<Int>, at position: RandomPosition,
    leavesHoles: Bool, to column: inout GeneratedRecords.Values
  ) {
    let purpose = RandomPurpose("generated " + field.name)
    let pick = RandomPurpose("component " + field.name)
    switch column {
    case .pixels(var pixels):
      column = .pixels([])
      pixels.append(contentsOf: numbers.prefix(rows.count * field.width))
      column = .pixels(pixels)
    case .reals(var values):
      column = .reals([])
      for index in 0..<rows.count * field.width {
        let (row, component) = (index / field.width, index % field.width)
        let draw = position.normal(
          purpose, record: UInt32(rows.lowerBound + row), column: component)
        let value: Float
        if let components {
          let share = position.uniform(
            pick, record: UInt32(rows.lowerBound + row), column: component)
          let chosen = Self.pick(
            numbers, at: row * 3 * field.width * components + component * components, components,
            share)
          let part = field.width * components
          value = numbers[chosen + part] + numbers[chosen + 2 * part] * Float(draw)
        } else {
          value = numbers[index] + noise * Float(draw)
        }
        let number = Float(
          preprocessing.original(value, field: field.name, component: component))
        values.append(grid.map { Self.fitted(number, to: $0.form, within: $0.range) } ?? number)
      }
      column = .reals(values)
    case .levels(var levels):
      column = .levels([])
      let all = field.levels.count
      // The level that stands for none is the last.
      let count = leavesHoles || field.levels.last != Field.absentLevel ? all : all - 1
      for row in 0..<rows.count {
        let share = position.uniform(
          purpose, record: UInt32(rows.lowerBound + row), column: 0)
        let weights = numbers.extracting(row * all..<row * all + count)
        var rest = share * (count == all ? 1 : Double(weights.reduce(0, +)))
        let level = weights.firstIndex { weight in
          rest -= Double(weight)
          return rest < 0
        }
        levels.append(Int32(level ?? count - 1))
      }
      column = .levels(levels)
    }
  }

  /// One Gaussian of a number's distribution, as networks see numbers.
  struct Component {
    let share: Double
    let mean: Double
    let deviation: Double
  }

  /// What the decoder says of a row's number.
  func components(_ numbers: UnsafeBufferPointer<Float>, row: Int) -> [Component] {
    guard let components else {
      return [
        Component(
          share: 1, mean: Double(numbers[row * field.width]), deviation: max(Double(noise), 1e-6))
      ]
    }
    let start = row * 3 * components
    return (start..<start + components).map { place in
      Component(
        share: Double(numbers[place]), mean: Double(numbers[place + components]),
        deviation: Double(numbers[place + 2 * components]))
    }
  }

  /// The ends of a range of the data's numbers, as networks see numbers.
  func normals(of range: ClosedRange<Double>) -> (low: Double, high: Double) {
    (
      Double(preprocessing.standardised(range.lowerBound, field: field.name, position: 0)),
      Double(preprocessing.standardised(range.upperBound, field: field.name, position: 1))
    )
  }

  /// In the data's units.
  func number(ofNormal normal: Float) -> Double {
    preprocessing.original(normal, field: field.name)
  }

  /// The nearest number that the column can have in a range, or one of the range where it can't have any.
  func onGrid(_ number: Double, within range: ClosedRange<Double>) -> Float {
    let inside = min(max(number, range.lowerBound), range.upperBound)
    let rounded = grid?.form.rounded(inside) ?? inside
    return Float(range.contains(rounded) ? rounded : inside)
  }
}
