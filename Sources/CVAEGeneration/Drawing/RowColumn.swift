import CVAEModels
import CVAETraining
import RecordTypes
import TensorGraph

/// Draws a column of rows from a set or a range, given the decoder's output for it.
struct RowColumn: Sendable {
  private let purpose: RandomPurpose
  /// How many weights a row has: one for each level, including the level for a missing value.
  private let levels: Int
  private let number: NumberDraw?

  init(_ input: FieldInput, model: TrainedModel) {
    purpose = model.model.purpose(.generated, of: input)
    levels = input.features.count ?? 0
    number = input.features.isIndex ? nil : NumberDraw(input.field, model: model)
  }

  /// Draws a level of a set in a row, with the share of the distribution that lies in the set.
  ///
  /// - Parameter weights: `[rows, levels]`, probabilities.
  func drawLevel(
    _ weights: UnsafeBufferPointer<Float>, row: Int, within set: [Int], first: UInt32,
    at position: RandomPosition
  ) -> (level: Int32, share: Double) {
    let words = position.words(purpose, record: first &+ UInt32(row), block: 0)
    let own = set.map { weights[row * levels + $0] }
    let total = own.reduce(0, +)
    let place = Self.place(Float(Philox.uniform(words.x)) * total, in: own)
    return (Int32(set[place]), Double(total))
  }

  /// The first index up to which the weights sum to more than `share`.
  static func place(_ share: Float, in weights: [Float]) -> Int {
    var rest = share
    for place in 0..<weights.count - 1 {
      rest -= weights[place]
      if rest < 0 { return place }
    }
    return weights.count - 1
  }

  /// Draws a number of a range in a row, with what networks see of it and the share of the distribution that
  /// lies in the range.
  ///
  /// - Parameter prediction: The decoder's output, `[rows, …]`.
  func drawNumber(
    _ prediction: UnsafeBufferPointer<Float>, row: Int, within range: ClosedRange<Double>,
    first: UInt32, at position: RandomPosition
  ) -> (number: Double, seen: Float, share: Double)? {
    let words = position.words(purpose, record: first &+ UInt32(row), block: 0)
    return number?.draw(prediction, row: row, within: range, words)
  }
}
