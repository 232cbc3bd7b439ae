public import RecordTypes
import TensorFiles

/// A table some of whose cells are to be filled, or to which rows are to be added: the values in a model's
/// terms, and every cell's own bytes.
public struct PartialTable: Sendable {
  /// The columns' names.
  public let names: [String]
  /// The values of a model's fields.
  public let records: Records
  /// What stands between the cells of a row.
  public let separator: UInt8
  /// What ends each line.
  public let lineBreak: [UInt8]

  private var bytes: [UInt8] = []
  /// Where each cell begins, row by row, and at last where the bytes end.
  private var offsets = [0]

  /// The number of rows.
  public var count: Int { records.count }

  /// Whether a file's name is that of a table.
  public static func isOne(_ path: String) -> Bool { TableFile.isOne(path) }

  /// Whether two tables' names stand for the same separator.
  public static func areAlike(_ path: String, _ other: String) -> Bool {
    TableFile.separator(of: path) == TableFile.separator(of: other)
  }

  /// The names of a table's columns, of which no more than the first row is read.
  ///
  /// - Throws: `DataFileFailure`, `FileFailure`.
  public static func columnNames(of path: String) throws -> [String] { try TableReader(path).names }

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
    var reader = try TableReader(path)
    names = reader.names
    separator = TableFile.separator(of: path) ?? UInt8(ascii: ",")
    var columns = try Self.columns(names, fields, forms, others, path: path)
    var (texts, offsets): ([UInt8], [Int]) = ([], [0])
    try reader.readRows { index, cell, place in
      try columns[index]?.add(cell, at: place, path: path)
      Self.append(cell, isQuoted: place.isQuoted, to: &texts)
      offsets.append(texts.count)
    }
    (bytes, self.offsets) = (texts, offsets)
    lineBreak = reader.lineBreak
    let read = columns.compactMap(\.self)
    records = Records(
      trusting: RecordSchema(trusting: read.map(\.field)), read.map(\.column), count: reader.count)
  }

  /// What reads each of the table's columns; nil for one that isn't the model's.
  private static func columns(
    _ names: [String], _ fields: [Field], _ forms: [String: NumberForm], _ others: Set<String>,
    path: String
  ) throws -> [KnownColumn?] {
    if let lacking = fields.first(where: { !names.contains($0.name) }) {
      throw DataFileFailure(
        path: path, expected: "a column '\(lacking.name)', which the model has",
        actual: NameList.text(names, atMost: 12),
        advice: "add the column; its cells may be empty")
    }
    return try names.enumerated().map { index, name in
      if let field = fields.first(where: { $0.name == name }) {
        return KnownColumn(field: field, form: forms[name])
      }
      guard others.contains(name) else {
        let nearest = UnknownName(kind: "column", name: name, known: fields.map(\.name)).nearest
        let hint = nearest.first.map { "'\($0)'" } ?? NameList.text(fields.map(\.name), atMost: 12)
        throw DataFileFailure(
          path: "\(path), line 1, column \(index + 1)",
          expected: "columns that the model knows, such as \(hint)", actual: "'\(name)'",
          advice: "rename the column, or leave it out")
      }
      return nil
    }
  }

  private static func append(
    _ cell: UnsafeBufferPointer<UInt8>, isQuoted: Bool, to bytes: inout [UInt8]
  ) {
    guard isQuoted else {
      bytes.append(contentsOf: cell)
      return
    }
    let quote = UInt8(ascii: "\"")
    bytes.append(quote)
    for byte in cell {
      if byte == quote { bytes.append(quote) }
      bytes.append(byte)
    }
    bytes.append(quote)
  }

  /// A cell as it stands in the file, its quotes included.
  public func cell(_ row: Int, _ column: Int) -> ArraySlice<UInt8> {
    let index = row * names.count + column
    return bytes[offsets[index]..<offsets[index + 1]]
  }
}

/// Reads the cells of a column whose field is known.
struct KnownColumn {
  let field: Field
  private let form: NumberForm?
  private var places: [[UInt8]: Int32] = [:]
  private let areNumbers: Bool
  private var levels: [Int32?] = []
  private var numbers: [Double?] = []

  init(field: Field, form: NumberForm?) {
    self.field = field
    self.form = form
    let names = field.levels.filter { $0 != Field.absentLevel }
    areNumbers = !names.isEmpty && names.allSatisfy { Double($0) != nil }
    for (index, level) in field.levels.enumerated() { places[Array(level.utf8)] = Int32(index) }
  }

  /// What was read.
  var column: RecordColumn { field.isCategory ? .levels(levels) : .numbers(numbers) }

  /// Adds a record's cell.
  ///
  /// - Throws: `DataFileFailure` that names line and column.
  mutating func add(
    _ cell: UnsafeBufferPointer<UInt8>, at place: CellPlace, path: String
  ) throws {
    let isMissing = ColumnBuilder.isMissing(cell)
    if field.isCategory {
      levels.append(isMissing ? nil : try level(cell, place, path))
    } else {
      numbers.append(isMissing ? nil : try number(cell, place, path))
    }
  }

  private func level(
    _ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace, _ path: String
  ) throws -> Int32 {
    if let known = places[Array(cell)] { return known }
    if areNumbers, let number = NumberText(cell),
      let known = places[Array(ColumnBuilder.plainText(number.value).utf8)]
    {
      return known
    }
    let text = try TableHeader.text(cell, path, place)
    let known = field.levels.filter { $0 != Field.absentLevel }
    let unknown = UnknownName(kind: "level of '\(field.name)'", name: text, known: known)
    throw DataFileFailure(
      path: "\(path), line \(place.line), column \(place.column)",
      expected: "a level of '\(field.name)' that the model knows, such as "
        + NameList.text(unknown.nearest.isEmpty ? known : unknown.nearest, atMost: 12),
      actual: "'\(text)'", advice: "correct it, or leave the cell empty")
  }

  private func number(
    _ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace, _ path: String
  ) throws -> Double {
    if case .decimals = form ?? .decimals(0), let number = NumberText(cell) { return number.value }
    let text = try TableHeader.text(cell, path, place)
    if let form, let time = form.number(ofTime: text) { return time }
    var expected = "a number"
    if let form { if case .decimals = form {} else { expected = "a date such as \(form.text(0))" } }
    throw DataFileFailure(
      path: "\(path), line \(place.line), column \(place.column)",
      expected: "\(expected) in column '\(field.name)'", actual: "'\(text)'",
      advice: "correct it, or leave the cell empty")
  }
}
