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
    purpose = RandomPurpose(RowPort.purpose(of: field))
    number = field.isCategory ? nil : NumberDraw(field, model: model)
  }

  /// The levels that are drawn, from the first on: the one that stands for none, the last, only where holes
  /// are left.
  func drawnLevels(_ draws: Draws) -> Int {
    let hasNone = isAbsence || field.levels.last == Field.absentLevel
    return hasNone && !draws.leavesHoles ? field.levels.count - 1 : field.levels.count
  }

  /// Draws a category's levels in the rows where none is given.
  ///
  /// - Parameters:
  ///   - weights: `[rows, levels]`, probabilities.
  ///   - levels: The given levels, -1 for none; all of them afterwards.
  ///   - count: Only the first levels are drawn.
  func drawLevels(
    _ weights: UnsafeBufferPointer<Float>, into levels: UnsafeMutableBufferPointer<Int32>,
    of count: Int, first: UInt32, at position: RandomPosition
  ) {
    let all = field.levels.count
    for row in levels.indices where levels[row] < 0 {
      let words = position.words(purpose, record: first &+ UInt32(row), block: 0)
      let own = weights.extracting(row * all..<row * all + count)
      var rest = Float(Philox.uniform(words.x))
      if count < all { rest *= own.reduce(0, +) }
      levels[row] = Int32(Self.place(rest, in: own))
    }
  }

  /// Draws a category's levels from a set; the share of the distribution that lies in it multiplies
  /// `likelihoods`.
  func drawLevels(
    _ weights: UnsafeBufferPointer<Float>, into levels: UnsafeMutableBufferPointer<Int32>,
    within set: [Int], first: UInt32, at position: RandomPosition, likelihoods: inout [Double]
  ) {
    let all = field.levels.count
    withUnsafeTemporaryAllocation(of: Float.self, capacity: set.count) { own in
      for row in levels.indices where levels[row] < 0 {
        let words = position.words(purpose, record: first &+ UInt32(row), block: 0)
        for (place, level) in set.enumerated() { own[place] = weights[row * all + level] }
        let total = own.reduce(0, +)
        let rest = Float(Philox.uniform(words.x)) * total
        levels[row] = Int32(set[Self.place(rest, in: UnsafeBufferPointer(own))])
        likelihoods[row] *= Double(total)
      }
    }
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

  /// Draws numbers in the rows where none is given, and tells what networks see of all of them.
  ///
  /// - Parameters:
  ///   - prediction: What the decoder says, `[rows, …]`.
  ///   - numbers: `[rows, width]`, the given ones, NaN for none; all of them afterwards.
  ///   - seen: `[rows, width]`, the given ones as networks see them; all of them afterwards.
  func drawNumbers(
    _ prediction: UnsafeBufferPointer<Float>, into numbers: UnsafeMutableBufferPointer<Float>,
    seen: UnsafeMutableBufferPointer<Float>, first: UInt32, at position: RandomPosition
  ) {
    guard let number else { return }
    let width = field.width
    for index in numbers.indices where numbers[index].isNaN {
      let (row, component) = (index / width, index % width)
      let words = position.words(
        purpose, record: first &+ UInt32(row), block: UInt32(component))
      seen[index] = number.draw(prediction, row: row, component: component, words)
      numbers[index] = number.original(seen[index], component: component)
    }
  }

  /// Numbers in the data's units: the given ones as they are, others from what networks see; NaN for those
  /// that are missing.
  ///
  /// - Parameters:
  ///   - seen: `[rows, width]`.
  ///   - absent: 1 in the rows where the number is missing; nil where it always is there.
  func numbers(
    _ seen: UnsafeBufferPointer<Float>, _ rows: RowPrograms.Rows, absent: [Int32]?
  ) throws -> [Float] {
    guard let number else { return [] }
    let width = field.width
    var given: [Float]?
    if case .reals(let numbers) = rows.known.columns[field.name] { given = numbers }
    return try [Float](unsafeUninitializedCapacity: rows.range.count * width) { buffer, count in
      count = rows.range.count * width
      for index in 0..<count {
        let own = given.map { $0[rows.range.lowerBound * width + index] } ?? .nan
        if !own.isNaN {
          buffer[index] = own
        } else if let absent, absent[index / width] == 1 {
          buffer[index] = .nan
        } else {
          buffer[index] = number.original(seen[index], component: index % width)
          guard buffer[index].isFinite else { throw GenerationFailure(field: field.name) }
        }
      }
    }
  }

  /// Draws numbers from a range; the share of the distribution that lies in it multiplies `likelihoods`.
  func drawNumbers(
    _ prediction: UnsafeBufferPointer<Float>, into numbers: UnsafeMutableBufferPointer<Float>,
    seen: UnsafeMutableBufferPointer<Float>, within range: ClosedRange<Double>, first: UInt32,
    at position: RandomPosition, likelihoods: inout [Double]
  ) {
    guard let number else { return }
    for row in numbers.indices where numbers[row].isNaN {
      let words = position.words(purpose, record: first &+ UInt32(row), block: 0)
      let cut = number.draw(prediction, row: row, within: range, words)
      (numbers[row], seen[row]) = (cut.number, cut.seen)
      likelihoods[row] *= cut.share
    }
  }
}
