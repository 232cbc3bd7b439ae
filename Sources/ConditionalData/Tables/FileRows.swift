package import RecordTypes

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

  init(
    names: [String], records: Records, lines: [Int], columns: [RecordColumn?], cells: TableCells
  ) {
    self.names = names
    self.records = records
    self.lines = lines
    self.columns = columns
    self.cells = cells
  }

  /// Whether a cell of a field has a value; nil for a column that isn't a field.
  func isKnown(_ row: Int, _ column: Int) -> Bool? { columns[column]?.isKnown(row) }

  /// A cell's text, without quotes; nil where it stands for a missing value.
  package func text(_ row: Int, _ column: Int) -> String? {
    isKnown(row, column) == false ? nil : cells.text(row, column)
  }

  /// Adds a cell to a line: in its own form of table as it stands in the file, in another one with the same value.
  func append(_ row: Int, _ column: Int, to line: inout [UInt8], as form: TableForm) {
    cells.append(row, column, to: &line, as: form, isKnown: isKnown(row, column))
  }
}

extension TableReader {
  /// Reads the next rows, at most `most`; nil at the end.
  ///
  /// - Parameters:
  ///   - fields: The field of each column; nil for one that isn't a model's.
  ///   - forms: How numbers are written, by the field's name.
  /// - Throws: `DataFileFailure` that names line and column, for an unknown level and a text in place of a number.
  package mutating func readRows(
    of fields: [Field?], forms: [String: NumberForm], atMost most: Int = .max
  ) throws -> FileRows? {
    let (names, name) = (names, name)
    var columns = fields.map { field in
      field.map { $0.codec.makeParser($0, form: forms[$0.name]) }
    }
    var cells = TableCells(form: form, width: names.count)
    var lines: [Int] = []
    let count = try readRows(atMost: most) { index, cell, place in
      if index == 0 { lines.append(place.line) }
      try columns[index]?.add(cell, at: place, path: name)
      cells.append(cell, isQuoted: place.isQuoted)
    }
    guard count > 0 else { return nil }
    let values = columns.map { $0?.column }
    return FileRows(
      names: names,
      records: Records(
        trusting: RecordSchema(trusting: fields.compactMap(\.self)), values.compactMap(\.self),
        count: count), lines: lines, columns: values, cells: cells)
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
  /// missing and something was drawn.
  func writer(
    _ column: Int, _ form: TableForm, isDrawn: @escaping (Int) -> Bool,
    drawn: @escaping (Int, inout [UInt8]) -> Void
  ) -> (Int, inout [UInt8]) -> Void {
    { record, line in
      let row = row(of: record)
      if rows.isKnown(row, column) == false, isDrawn(record) {
        drawn(record, &line)
      } else {
        rows.append(row, column, to: &line, as: form)
      }
    }
  }
}
