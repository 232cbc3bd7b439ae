public import RecordTypes
import TensorFiles

/// A table with cells to fill or rows to add: the values in a model's terms, and the bytes of every cell.
public struct PartialTable: Sendable {
  /// The columns' names.
  public var names: [String] { rows.names }
  /// The values of a model's fields.
  public var records: Records { rows.records }
  /// What the table is called in messages: its path, or that it is standard input.
  public let source: String
  /// The form of the table.
  public let form: TableForm
  /// The line break.
  public let lineBreak: [UInt8]

  private let rows: FileRows

  /// The number of rows.
  public var count: Int { records.count }

  /// Whether a name is that of a table's file, or `-`, that of standard input.
  public static func isOne(_ path: String) -> Bool { TableFile.isOne(path) }

  /// The names of a table's columns; only its first row is read.
  ///
  /// - Throws: `DataFileFailure`, `FileFailure`.
  public static func columnNames(of path: String) throws -> [String] { try TableReader(path).names }

  /// Reads a table for a model.
  ///
  /// - Parameters:
  ///   - fields: The model's fields; the table must have a column for each of them.
  ///   - forms: How their numbers are written.
  ///   - others: Columns that the model doesn't know and that stay as they are.
  /// - Throws: `DataFileFailure` that names line and column, for anything that isn't a table, a column
  ///   that is unknown or lacking, an unknown level, a text in place of a number.
  public init(
    _ path: String, fields: [Field], forms: [String: NumberForm], others: Set<String>
  ) throws {
    var reader = try TableReader(path)
    form = reader.form
    source = reader.name
    let known = try Self.fields(reader.names, fields, others, path: reader.name, form)
    guard let rows = try reader.readRows(of: known, forms: forms) else {
      preconditionFailure("A table without rows was read.")
    }
    self.rows = rows
    lineBreak = reader.lineBreak
  }

  /// The field of each of the table's columns; nil for one that isn't the model's.
  private static func fields(
    _ names: [String], _ fields: [Field], _ others: Set<String>, path: String, _ form: TableForm
  ) throws -> [Field?] {
    let known = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    if let absent = AbsentColumns(fields.map(\.name), in: names, of: path) {
      throw absent.failure(mayBeEmpty: true)
    }
    return try names.enumerated().map { index, name in
      if let field = known[name] { return field }
      guard others.contains(name) else {
        let nearest = UnknownName(kind: "column", name: name, known: fields.map(\.name)).nearest
        let hint = nearest.first.map { "'\($0)'" } ?? NameList.text(fields.map(\.name), atMost: 12)
        throw DataFileFailure(
          path: form == .jsonl ? path : "\(path), line 1, column \(index + 1)",
          expected: "columns that the model knows, such as \(hint)", actual: "'\(name)'",
          advice: "rename the column, or leave it out")
      }
      return nil
    }
  }

  /// Whether most known cells of a column are texts; nil where the table isn't JSON, or none is known.
  func areTexts(_ name: String) -> Bool? {
    names.firstIndex(spelled: name).flatMap(rows.areTexts)
  }

  /// The columns with missing cells that are no fields of the model, and how many such cells each has.
  public var unfilled: [(name: String, count: Int)] {
    names.enumerated().compactMap { column, name in
      let count = (0..<self.count).count { rows.isUnfilled($0, column) }
      return count == 0 ? nil : (name, count)
    }
  }

  /// The line of the file on which a row begins.
  public func line(of row: Int) -> Int { rows.lines[row] }

  /// Adds a cell to a line as it stands in the file, its quotes included.
  package func append(_ row: Int, _ column: Int, to line: inout [UInt8]) {
    rows.append(row, column, to: &line, as: form)
  }
}
