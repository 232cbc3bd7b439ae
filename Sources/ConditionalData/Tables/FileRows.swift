package import RecordTypes
import TensorFiles

/// Rows of a table's file: their values in a model's terms, and their cells as they stand there.
package struct FileRows: Sendable {
  /// The columns' names.
  package let names: [String]
  /// The values of the columns that are a model's fields.
  package let records: Records
  /// The line of the file on which each row begins.
  package let lines: [Int]
  private let cells: TableCells
  /// The values of each column; nil for one that isn't a model's field.
  private let columns: [RecordColumn?]
  /// For each column of a request, the rows that are to lack the value; nil for one that isn't a field.
  package let absent: [Bitmap?]
  /// The rows whose cell of a request is a word, not a value or nothing.
  private let areWords: [Bitmap?]

  init(
    names: [String], records: Records, lines: [Int], columns: [RecordColumn?], cells: TableCells,
    absent: [Bitmap?], areWords: [Bitmap?]
  ) {
    self.absent = absent
    self.areWords = areWords
    self.names = names
    self.records = records
    self.lines = lines
    self.columns = columns
    self.cells = cells
  }

  /// Whether a cell of a field has a value; nil for a column that isn't a field.
  func isKnown(_ row: Int, _ column: Int) -> Bool? { columns[column]?.isKnown(row) }

  /// Whether a cell is missing in a column that is no field.
  func isUnfilled(_ row: Int, _ column: Int) -> Bool {
    columns[column] == nil && cells.isMissing(row, column)
  }

  /// A cell's text, without quotes; nil where it stands for a missing value.
  package func text(_ row: Int, _ column: Int) -> String? {
    isKnown(row, column) == false ? nil : cells.text(row, column)
  }

  /// Adds a cell to a line: in its own form of table as it stands in the file, in another one with the same value.
  ///
  /// - Parameter areTexts: Whether JSON has the column's values as texts; nil to decide by each cell.
  func append(
    _ row: Int, _ column: Int, to line: inout [UInt8], as form: TableForm, areTexts: Bool? = nil
  ) {
    cells.append(
      row, column, to: &line, as: form, isKnown: isKnown(row, column), areTexts: areTexts)
  }

  /// Whether a cell without a value is written as its column writes one, rather than as it stands.
  func isRewritten(_ row: Int, _ column: Int, as form: TableForm) -> Bool {
    areWords[column]?[row] == true || form == .jsonl && cells.form != .jsonl
  }

  /// Whether most known cells of a column are texts; nil where a file isn't JSON, or no cell is known.
  func areTexts(_ column: Int) -> Bool? {
    guard cells.form == .jsonl else { return nil }
    let known = (0..<records.count).filter { isKnown($0, column) == true }
    let quoted = known.count { cells.isQuoted($0, column) }
    return known.isEmpty ? nil : 2 * quoted > known.count
  }
}

extension TableReader {
  /// Reads the next rows, at most `most`; nil at the end.
  ///
  /// - Parameters:
  ///   - fields: The field of each column; nil for one that isn't a model's.
  ///   - forms: How numbers are written, by the field's name.
  ///   - mayBeMissing: In rows of requests, which may say `any` and `missing`: whether a model knows records without a
  ///     value of a field.
  /// - Throws: `DataFileFailure` that names line and column, for an unknown level and a text in place of a number.
  package mutating func readRows(
    of fields: [Field?], forms: [String: NumberForm], atMost most: Int = .max,
    mayBeMissing: ((Field) -> Bool)? = nil
  ) throws -> FileRows? {
    let (names, name) = (names, name)
    var words = fields.map { field in
      field.flatMap { own in
        mayBeMissing.map { RequestWords(own, mayBeMissing: $0(own)) }
      }
    }
    var columns = fields.map { field in
      field.map { $0.codec.makeParser($0, form: forms[$0.name]) }
    }
    var cells = TableCells(form: form, width: names.count)
    var lines: [Int] = []
    func add(_ index: Int, _ cell: UnsafeBufferPointer<UInt8>, _ place: CellPlace) throws {
      if index == 0 { lines.append(place.line) }
      do {
        try columns[index]?.add(cell, at: place, path: name)
      } catch let failure as DataFileFailure {
        throw words[index]?.refusal(failure, cell) ?? failure
      }
      cells.append(cell, isQuoted: place.isQuoted)
    }
    let count = try readRows(atMost: most) { index, cell, place in
      let isValue = try words[index]?.add(cell, at: place, path: name) ?? true
      try isValue
        ? add(index, cell, place)
        : add(
          index, UnsafeBufferPointer(rebasing: cell[..<0]),
          CellPlace(line: place.line, column: place.column))
    }
    guard count > 0 else { return nil }
    let values = columns.map { $0?.column }
    return FileRows(
      names: names,
      records: Records(
        trusting: RecordSchema(trusting: fields.compactMap(\.self)), values.compactMap(\.self),
        count: count), lines: lines, columns: values, cells: cells,
      absent: words.map { $0.map { Bitmap($0.absent) } },
      areWords: words.map { $0.map { Bitmap($0.areWords) } })
  }
}

/// The part of a file's rows beside which records are written, one or several records beside each.
package struct RowsBeside: Sendable {
  let rows: FileRows
  /// The number of the first record, counted from the rows' first one.
  let first: Int
  /// How many records each row has.
  let each: Int

  /// Records from number `first` on, `each` of them beside each of the rows.
  package init(_ rows: FileRows, first: Int, each: Int) {
    self.rows = rows
    self.first = first
    self.each = each
  }

  /// The columns' names.
  package var names: [String] { rows.names }

  /// The row that a record stands beside.
  package func row(of record: Int) -> Int { (first + record) / each }

  /// The line of the file that a record stands beside.
  package func line(of record: Int) -> Int { rows.lines[row(of: record)] }

  /// A cell's text beside a record, without quotes; nil where it stands for a missing value.
  package func text(_ record: Int, _ column: Int) -> String? {
    rows.text(row(of: record), column)
  }

  /// A function that appends a record's cell of a column: what stands in the file, or what `drawn` appends where that is
  /// missing and something was drawn, or where it can't stay as it is.
  func writer(
    _ column: Int, _ form: TableForm, areTexts: Bool?, isDrawn: @escaping (Int) -> Bool,
    drawn: @escaping (Int, inout [UInt8]) -> Void
  ) -> (Int, inout [UInt8]) -> Void {
    { record, line in
      let row = row(of: record)
      if rows.isKnown(row, column) == false,
        isDrawn(record) || rows.isRewritten(row, column, as: form)
      {
        drawn(record, &line)
      } else {
        rows.append(row, column, to: &line, as: form, areTexts: areTexts)
      }
    }
  }
}
