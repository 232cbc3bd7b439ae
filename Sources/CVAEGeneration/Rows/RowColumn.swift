import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph

/// How one column of rows is drawn from what the decoder says of it.
///
/// Values come out in the data's units and, beside them, as networks see them, for the columns that follow.
struct RowColumn: Sendable {
  let field: Field
  /// Whether it tells that another column's number is missing.
  var isAbsence: Bool { field.absenceOf != nil }
  private let purpose: RandomPurpose
  private let number: NumberDraw?

  init(_ field: Field, model: TrainedModel) {
    self.field = field
    purpose = RowPort.purpose(of: field)
    number = field.isCategory ? nil : NumberDraw(field, model: model)
  }

  /// The levels that are drawn, from the first on: the one that stands for none, the last, only where holes
  /// are left.
  func drawnLevels(_ draws: Draws) -> Int {
    let hasNone = isAbsence || field.levels.last == Field.absentLevel
    return hasNone && !draws.leavesHoles ? field.levels.count - 1 : field.levels.count
  }

  /// Draws a category's levels, `count` of them.
  ///
  /// - Parameters:
  ///   - weights: `[rows, levels]`, probabilities.
  ///   - drawn: Only the first levels are drawn.
  func drawLevels(
    _ weights: UnsafeBufferPointer<Float>, count: Int, of drawn: Int, first: UInt32,
    at position: RandomPosition
  ) -> [Int32] {
    let all = field.levels.count
    return (0..<count).map { row in
      let words = position.words(purpose, record: first &+ UInt32(row), block: 0)
      let own = weights.extracting(row * all..<row * all + drawn)
      var rest = Float(Philox.uniform(words.x))
      if drawn < all { rest *= own.reduce(0, +) }
      return Int32(Self.place(rest, in: own))
    }
  }

  /// Draws a level of a set in a row, with the share of the distribution that lies in the set.
  func drawLevel(
    _ weights: UnsafeBufferPointer<Float>, row: Int, within set: [Int], first: UInt32,
    at position: RandomPosition
  ) -> (level: Int32, share: Double) {
    let all = field.levels.count
    let words = position.words(purpose, record: first &+ UInt32(row), block: 0)
    let own = set.map { weights[row * all + $0] }
    let total = own.reduce(0, +)
    let place = own.withUnsafeBufferPointer {
      Self.place(Float(Philox.uniform(words.x)) * total, in: $0)
    }
    return (Int32(set[place]), Double(total))
  }

  /// The first place up to which the weights sum to more than `share`.
  static func place(_ share: Float, in weights: UnsafeBufferPointer<Float>) -> Int {
    var rest = share
    for place in 0..<weights.count - 1 {
      rest -= weights[place]
      if rest < 0 { return place }
    }
    return weights.count - 1
  }

  /// Draws the numbers of `count` rows, `[count, width]`.
  ///
  /// - Parameter prediction: What the decoder says, `[rows, …]`.
  func drawNumbers(
    _ prediction: UnsafeBufferPointer<Float>, count: Int, first: UInt32, at position: RandomPosition
  ) -> [Double] {
    guard let number else { return [] }
    let width = field.width
    return (0..<count * width).map { index in
      let (row, component) = (index / width, index % width)
      let words = position.words(
        purpose, record: first &+ UInt32(row), block: UInt32(component))
      return number.original(
        number.draw(prediction, row: row, component: component, words), component: component)
    }
  }

  /// Draws a number of a range in a row, with what networks see of it and the share of the distribution that
  /// lies in the range.
  func drawNumber(
    _ prediction: UnsafeBufferPointer<Float>, row: Int, within range: ClosedRange<Double>,
    first: UInt32, at position: RandomPosition
  ) -> (number: Double, seen: Float, share: Double)? {
    let words = position.words(purpose, record: first &+ UInt32(row), block: 0)
    return number?.draw(prediction, row: row, within: range, words)
  }

  /// Numbers in the data's units: the given ones as they are, others from what networks see.
  ///
  /// - Parameters:
  ///   - seen: `[rows, width]`.
  ///   - absent: 1 in the rows where the number is missing; nil where it always is there.
  func numbers(
    _ seen: UnsafeBufferPointer<Float>, _ rows: RowPrograms.Rows, absent: [Int32]?
  ) -> RecordColumn {
    guard let number else { return .numbers([Double]()) }
    let width = field.width
    let given = rows.known.records[field.name]
    let count = rows.range.count * width
    let numbers = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      for index in 0..<count {
        let (row, component) = (index / width, index % width)
        buffer[index] =
          given?.number(rows.range.lowerBound + row, component: component)
          ?? number.original(seen[index], component: component)
      }
      initialized = count
    }
    guard let absent, absent.contains(1) else { return RecordColumn(.numbers(numbers), width: width) }
    let isThere = (0..<count).map { index in
      absent[index / width] != 1
        || given?.isKnown(rows.range.lowerBound + index / width, cell: index % width) == true
    }
    return RecordColumn(.numbers(numbers), width: width, validity: Bitmap(isThere))
  }
}
