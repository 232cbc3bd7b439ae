import CVAEGeneration
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles

/// A table, and the rows that bring each level of one of its columns to the count of the largest.
struct TableBalance {
  /// The rows that are added.
  let conditions: Conditions
  /// How many rows each level has in the end.
  let most: Int
  private let table: PartialTable

  /// - Throws: `UnknownName`, `MisplacedCondition`, ``InvalidRequest`` for a column that is no category,
  ///   and where there is nothing to add.
  init(_ table: PartialTable, by name: String, model: TrainedModel) throws {
    try Conditions.check(name, model: model)
    let field = try model.schema.field(name)
    guard case .levels(let levels) = table.columns[name] else {
      throw InvalidRequest("--balance: expected a category, got '\(name)', \(field.kind.summary).")
    }
    var counts = [Int](repeating: 0, count: field.levels.count)
    for level in levels where level >= 0 { counts[Int(level)] += 1 }
    let most = counts.max() ?? 0
    let parts = try field.levels.indices.filter { field.levels[$0] != Field.absentLevel }.map {
      try Conditions([name: .level($0)], count: most - counts[$0], model: model)
    }
    conditions = Conditions(joining: parts)
    guard conditions.count > 0 else {
      throw InvalidRequest(
        "--balance: expected levels of '\(name)' that differ in their counts, got \(most) of each.")
    }
    self.most = most
    self.table = table
  }

  /// Writes the table's rows as they are, then the added ones; columns that the model doesn't know are empty
  /// there.
  func write(_ records: GeneratedRecords, to path: String) throws {
    let writers = RecordTable(records).writers
    let separator = [table.separator]
    try AtomicFile.write(to: path) { file in
      let names = table.names.map { Array(CellText.quoted($0).utf8) }
      try file.write(Array(names.joined(separator: separator)) + table.lineBreak)
      var line: [UInt8] = []
      for row in 0..<table.count {
        line.removeAll(keepingCapacity: true)
        for column in table.names.indices {
          if column > 0 { line += separator }
          line += table.cell(row, column)
        }
        try file.write(line + table.lineBreak)
      }
      for row in 0..<records.count {
        line.removeAll(keepingCapacity: true)
        for (column, name) in table.names.enumerated() {
          if column > 0 { line += separator }
          writers[name]?(row, &line)
        }
        try file.write(line + table.lineBreak)
      }
    }
  }
}
