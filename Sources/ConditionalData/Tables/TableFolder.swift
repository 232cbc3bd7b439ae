import Foundation
import RecordTypes
import TensorFiles

/// A folder of tables that divide records into those to learn from and those for testing: `train.csv`,
/// `validation.csv`, `test.csv`.
enum TableFolder {
  /// Whether the folder has such a table for training, and no other tables beside those of splits.
  static func isOne(_ folder: String) -> Bool {
    let tables = tables(in: folder)
    return tables.contains { SplitFolders.isTraining(stem($0)) }
      && tables.allSatisfy { SplitFolders.isSplit(stem($0)) }
  }

  /// Those of a folder's tables that are for no split, where one is for training; nil where there are none.
  static func others(among tables: [String]) -> [String]? {
    let others = tables.filter { !SplitFolders.isSplit(stem($0)) }
    let hasTraining = tables.contains { SplitFolders.isTraining(stem($0)) }
    return hasTraining && !others.isEmpty ? others : nil
  }

  /// The columns of the table for training; records of the test split come last.
  ///
  /// - Throws: `DataFileFailure` for a table whose columns have other names, and as ``TableFile``.
  static func read(_ folder: String, _ requests: FieldRequests) throws -> DataTable {
    let names = tables(in: folder)
    let learned = names.filter { !SplitFolders.isTest(stem($0)) }.sorted {
      SplitFolders.isTraining(stem($0)) && !SplitFolders.isTraining(stem($1))
    }
    let tested = names.filter { SplitFolders.isTest(stem($0)) }
    let first = "\(folder)/\(learned[0])"
    var reader = try TableReader(first)
    var columns = TableColumns(path: first, names: reader.names, requests, form: reader.form)
    var count = try reader.readRows { try columns.add($1, to: $0, at: $2) }
    for name in learned.dropFirst() {
      count += try read("\(folder)/\(name)", into: &columns, of: reader.names, first: first)
    }
    let testStart = count
    for name in tested {
      count += try read("\(folder)/\(name)", into: &columns, of: reader.names, first: first)
    }
    var table = try TableFile.finished(columns, requests, path: folder, names: reader.names)
    if testStart < count { table.ownTest = testStart..<count }
    let note = SplitFolders.note(learned: learned, tested: tested, testCount: count - testStart)
    table.notes.insert(DataNote(folder, .files(note)), at: 0)
    return table
  }

  /// Adds the rows of another table, whose columns may come in another order.
  private static func read(
    _ path: String, into columns: inout TableColumns, of names: [String], first: String
  ) throws -> Int {
    var reader = try TableReader(path)
    let places = reader.names.map { name in names.firstIndex { $0.utf8.elementsEqual(name.utf8) } }
    let lacking = names.indices.filter { !places.contains($0) }.map { names[$0] }
    let unknown = zip(reader.names, places).filter { $0.1 == nil }.map(\.0)
    guard lacking.isEmpty, unknown.isEmpty else {
      let actual =
        lacking.isEmpty
        ? "further ones, \(NameList.text(unknown.map { "'\($0)'" }, atMost: 5))"
        : "none named \(NameList.text(lacking.map { "'\($0)'" }, atMost: 5))"
      throw DataFileFailure(
        path: path, expected: "the columns of \(first)", actual: actual,
        advice: "give them the same columns, or give one of the files alone")
    }
    return try reader.readRows { column, cell, place in
      try columns.add(cell, to: places[column] ?? column, at: place)
    }
  }

  private static func tables(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { TableForm(path: $0) != nil && !$0.hasPrefix(".") }.sorted()
  }

  /// A file's name up to its first dot.
  private static func stem(_ name: String) -> String {
    String(name.prefix { $0 != "." })
  }
}
