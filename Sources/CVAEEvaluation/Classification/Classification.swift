public import ConditionalData
import Foundation
public import RecordTypes

/// The probabilities of a category's levels in a number of records, as a model sees them.
public struct Classification: Sendable {
  /// The category.
  public let field: Field
  /// The records' numbers in their data.
  public let records: [Int32]
  /// log p(level | everything else that is known of the record), nats: `[records, levels]`, row-major.
  public let logProbabilities: [Double]
  /// Importance samples for each record and level.
  public let samples: Int
  /// The share of each level in the training records.
  let shares: [Double]

  /// The level with the highest probability in a record, by its place in ``records``; the first of equal ones.
  public func level(of row: Int) -> Int {
    let own = logProbabilities(of: row)
    return own.indices.reduce(own.startIndex) { own[$1] > own[$0] ? $1 : $0 } - own.startIndex
  }

  /// A record's log-probabilities, one for each level, by its place in ``records``.
  func logProbabilities(of row: Int) -> ArraySlice<Double> {
    logProbabilities[row * field.levels.count..<(row + 1) * field.levels.count]
  }

  /// A column with the likeliest level, named as the category, and for each level a column `p(LEVEL)` with its
  /// probability, six digits of it. A name that occurs again gets a number.
  public var table: RecordTable {
    let levels = field.levels.map { Field(name: "p(\($0))", kind: .number) }
    let count = field.levels.count
    let columns = levels.indices.map { level in
      RecordColumn.numbers(
        records.indices.map { Self.rounded(exp(logProbabilities[$0 * count + level])) }
          as [Double])
    }
    let found = RecordColumn.levels(records.indices.map { Int32(level(of: $0)) } as [Int32])
    return RecordTable(
      [
        Records(
          trusting: RecordSchema(trusting: [field] + levels), [found] + columns,
          count: records.count)
      ], forms: [:])
  }

  private static func rounded(_ probability: Double) -> Double {
    Double(String(format: "%.6g", probability)) ?? probability
  }
}
