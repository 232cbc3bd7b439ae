public import CVAETraining
public import ConditionalData
import RecordTypes
import TensorFiles

/// A table, and the rows to add so that each level of one of its columns is as frequent as the largest.
public struct TableBalance: Sendable {
  /// The rows that are added.
  public let conditions: Conditions
  /// How many rows each level has in the end.
  public let most: Int
  private let table: PartialTable

  /// Counts the levels of the column `name`.
  ///
  /// - Throws: ``UnknownName``, ``MisplacedCondition``, ``BalanceFailure`` for a column that is no category,
  ///   and where there is nothing to add.
  public init(_ table: PartialTable, by name: String, model: TrainedModel) throws {
    try Conditions.check(name, model: model)
    let field = try model.schema.field(name)
    guard field.isCategory, let column = table.records[name] else {
      throw BalanceFailure.noCategory(name, kind: field.kind.summary)
    }
    var counts = [Int](repeating: 0, count: field.levels.count)
    for row in 0..<table.count {
      if let level = column.level(row) { counts[Int(level)] += 1 }
    }
    let most = counts.max() ?? 0
    let parts = try field.levels.indices.map {
      try Conditions([name: .level($0)], count: most - counts[$0], model: model)
    }
    conditions = Conditions(joining: parts)
    guard conditions.count > 0 else { throw BalanceFailure.isBalanced(name, count: most) }
    self.most = most
    self.table = table
  }

  /// Writes the table's rows as they are, then the added ones, in which columns that the model doesn't know are
  /// empty.
  public func write(_ records: GeneratedRecords, to path: String) throws {
    let writers = records.table().writers(like: table)
    let frame = RowText(table.names, form: table.form, lineBreak: table.lineBreak)
    try AtomicFile.write(to: path) { file in
      try file.write(frame.header(table.names))
      var line: [UInt8] = []
      for row in 0..<table.count + records.count {
        line.removeAll(keepingCapacity: true)
        for (column, name) in table.names.enumerated() {
          frame.begin(column, in: &line)
          if row < table.count {
            table.append(row, column, to: &line)
          } else if let write = writers[name] {
            write(row - table.count, &line)
          } else {
            frame.appendMissing(to: &line)
          }
        }
        frame.end(&line)
        try file.write(line)
      }
    }
  }
}

/// A table that can't be balanced.
public enum BalanceFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The column is no category.
  case noCategory(String, kind: String)
  /// All levels have as many rows.
  case isBalanced(String, count: Int)

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .noCategory(let name, let kind):
      "--balance: expected a category, got '\(name)', \(kind); name a category."
    case .isBalanced(let name, let count):
      "--balance: expected levels of '\(name)' that differ in their counts, got \(count) of each; "
        + "there is nothing to add."
    }
  }
}
