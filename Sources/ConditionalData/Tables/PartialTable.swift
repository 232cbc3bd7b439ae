public import RecordTypes
import TensorFiles

/// A table some of whose cells are to be filled, or to which rows are to be added: the values in a model's
/// terms, and every cell's own bytes.
public struct PartialTable: Sendable {
  /// The columns' names.
  public let names: [String]
  /// The number of rows.
  public private(set) var count = 0
  /// The values of a model's fields, by name: levels, -1 where missing; numbers, NaN where missing.
  public private(set) var columns: [String: Column] = [:]
  /// What stands between the cells of a row.
  public let separator: UInt8
  /// What ends each line.
  public private(set) var lineBreak: [UInt8] = [UInt8(ascii: "\n")]

  private var bytes: [UInt8] = []
  /// Where each cell begins, row by row, and at last where the bytes end.
  private var offsets = [0]

  /// Whether a file's name is that of a table.
  public static func isOne(_ path: String) -> Bool { TableFile.isOne(path) }

  /// Whether two tables' names tell of the same separator.
  public static func areAlike(_ path: String, _ other: String) -> Bool {
    TableFile.separator(of: path) == TableFile.separator(of: other)
  }

  /// The names of a table's columns, of which no more than the first row is read.
  ///
  /// - Throws: `DataFileFailure`, `FileFailure`.
  public static func columnNames(of path: String) throws -> [String] {
    let stream = try ByteStream(path)
    var scanner = try CSVScanner(
      path: path, separator: TableFile.separator(of: path) ?? UInt8(ascii: ","),
      from: { try stream.read(into: $0) })
    return try TableHeader.names(&scanner, path: path)
  }

  /// Reads a table for a model.
  ///
  /// - Parameters:
  ///   - fields: The model's; the table must have a column for each of them.
  ///   - forms: How their numbers are written.
  ///   - others: Columns that the model doesn't know and that stay as they are.
  /// - Throws: `DataFileFailure` that names line and column, for anything that isn't a table, a column
  ///   that nobody knows or that is lacking, an unknown level, a text where a number stands.
  public init(
    _ path: String, fields: [Field], forms: [String: NumberForm], others: Set<String>
  ) throws {
    let stream = try ByteStream(path)
    separator = TableFile.separator(of: path) ?? UInt8(ascii: ",")
    var scanner = try CSVScanner(
      path: path, separator: separator, from: { try stream.read(into: $0) })
    names = try TableHeader.names(&scanner, path: path)
    var cells = try Self.cells(names, fields, forms, others, path: path)
    var column = 0
    var line = 0
    // A cell in quotes is kept with them, which only the scanner knows behind the cell.
    var cell: [UInt8] = []
    while true {
      let following = try scanner.next { bytes, place in
        if column == 0 { line = place.line }
        cell.removeAll(keepingCapacity: true)
        cell.append(contentsOf: bytes)
        if column < cells.count { try cells[column].add(bytes, at: place, path: path) }
      }
      guard let following else { break }
      append(cell, isQuoted: scanner.isQuoted)
      column += 1
      guard following == .endOfRow else { continue }
      guard column == names.count else {
        throw TableHeader.ragged(path, line: line, cells: column, names: names.count)
      }
      column = 0
      count += 1
    }
    guard count > 0 else {
      throw DataFileFailure(
        path: path, expected: "a row for each record", actual: "column names alone",
        advice: "write one for each record")
    }
    if !scanner.lineBreak.isEmpty { lineBreak = scanner.lineBreak }
    for cell in cells { if let column = cell.column { columns[cell.name] = column } }
  }

  /// The columns in the table's order, each with what reads it.
  private static func cells(
    _ names: [String], _ fields: [Field], _ forms: [String: NumberForm], _ others: Set<String>,
    path: String
  ) throws -> [TableCells] {
    if let lacking = fields.first(where: { !names.contains($0.name) }) {
      throw DataFileFailure(
        path: path, expected: "a column '\(lacking.name)', which the model has",
        actual: NameList.text(names, atMost: 12),
        advice: "add the column; its cells may be empty")
    }
    return try names.enumerated().map { index, name in
      if let field = fields.first(where: { $0.name == name }) {
        return TableCells(name: name, field: field, form: forms[name])
      }
      guard others.contains(name) else {
        let nearest = UnknownName(kind: "column", name: name, known: fields.map(\.name)).nearest
        let hint = nearest.first.map { "'\($0)'" } ?? NameList.text(fields.map(\.name), atMost: 12)
        throw DataFileFailure(
          path: "\(path), line 1, column \(index + 1)",
          expected: "columns that the model knows, such as \(hint)", actual: "'\(name)'",
          advice: "rename the column, or leave it out")
      }
      return TableCells(name: name, field: nil, form: nil)
    }
  }

  private mutating func append(_ cell: [UInt8], isQuoted: Bool) {
    let quote = UInt8(ascii: "\"")
    if isQuoted {
      bytes.append(quote)
      for byte in cell {
        if byte == quote { bytes.append(quote) }
        bytes.append(byte)
      }
      bytes.append(quote)
    } else {
      bytes += cell
    }
    offsets.append(bytes.count)
  }

  /// A cell as it stands in the file, its quotes included.
  public func cell(_ row: Int, _ column: Int) -> ArraySlice<UInt8> {
    let index = row * names.count + column
    return bytes[offsets[index]..<offsets[index + 1]]
  }
}

/// Reads one column's cells for a model.
private struct TableCells {
  let name: String
  /// Nil for a column that isn't the model's.
  let field: Field?
  let form: NumberForm?
  private var places: [[UInt8]: Int32] = [:]
  private let areNumbers: Bool
  private var levels: [Int32] = []
  private var numbers: [Float] = []

  init(name: String, field: Field?, form: NumberForm?) {
    self.name = name
    self.field = field
    self.form = form
    let names = field?.levels.filter { $0 != Field.absentLevel } ?? []
    areNumbers = !names.isEmpty && names.allSatisfy { Double($0) != nil }
    for (index, level) in (field?.levels ?? []).enumerated() {
      places[Array(level.utf8)] = Int32(index)
    }
  }

  var column: Column? {
    guard let field else { return nil }
    return field.isCategory ? .levels(levels) : .reals(numbers, width: 1)
  }

  mutating func add(
    _ cell: UnsafeBufferPointer<UInt8>, at place: (line: Int, column: Int), path: String
  ) throws {
    guard let field else { return }
    let isMissing = ColumnBuilder.isMissing(cell)
    if field.isCategory {
      levels.append(isMissing ? -1 : try level(cell, field, place, path))
    } else {
      numbers.append(isMissing ? .nan : try number(cell, place, path))
    }
  }

  private func level(
    _ cell: UnsafeBufferPointer<UInt8>, _ field: Field, _ place: (line: Int, column: Int),
    _ path: String
  ) throws -> Int32 {
    if let known = places[Array(cell)] { return known }
    if areNumbers, let number = NumberText(cell),
      let known = places[Array(ColumnBuilder.plainText(number.value).utf8)]
    {
      return known
    }
    let text = try TableHeader.text(cell, path, place)
    let known = field.levels.filter { $0 != Field.absentLevel }
    let unknown = UnknownName(kind: "level of '\(name)'", name: text, known: known)
    throw DataFileFailure(
      path: "\(path), line \(place.line), column \(place.column)",
      expected: "a level of '\(name)' that the model knows, such as "
        + NameList.text(unknown.nearest.isEmpty ? known : unknown.nearest, atMost: 12),
      actual: "'\(text)'", advice: "correct it, or leave the cell empty")
  }

  private func number(
    _ cell: UnsafeBufferPointer<UInt8>, _ place: (line: Int, column: Int), _ path: String
  ) throws -> Float {
    if case .decimals = form ?? .decimals(0), let number = NumberText(cell),
      Float(number.value).isFinite
    {
      return Float(number.value)
    }
    let text = try TableHeader.text(cell, path, place)
    if let form, let time = form.number(ofTime: text) { return Float(time) }
    var expected = "a number"
    if let form { if case .decimals = form {} else { expected = "a date such as \(form.text(0))" } }
    throw DataFileFailure(
      path: "\(path), line \(place.line), column \(place.column)",
      expected: "\(expected) in column '\(name)'", actual: "'\(text)'",
      advice: "correct it, or leave the cell empty")
  }
}
