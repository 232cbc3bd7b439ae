import TensorFiles

/// The position of a cell in a table's file.
package struct CellPlace: Hashable {
  /// Counted from 1.
  package var line: Int
  /// Counted from 1: the number of the cell in its row, or of its first character in a line of JSON.
  package var column: Int
  /// Whether the cell is in quotes.
  var isQuoted = false
  /// Whether there is no cell, as a JSON object lacks the key.
  var isLacking = false
}

/// Reads tables row by row: used alike for data, for metadata, for tables to complete and for requests.
package struct TableReader: ~Copyable {
  /// What is read, for messages.
  package let name: String
  /// The table's form.
  package let form: TableForm
  private let rows: any TableRows
  /// The number of rows so far.
  private(set) var count = 0

  /// The columns' names, each once.
  package var names: [String] { rows.names }

  /// Reads the columns' names of a file or of standard input, which may be compressed with gzip.
  ///
  /// - Throws: `DataFileFailure` that names line and column, `FileFailure`.
  package init(_ path: String) throws {
    let stream = try ByteStream(path)
    var input = try InputBuffer { try stream.read(into: $0) }
    let form =
      path == ByteStream.standardInput
      ? try TableForm(of: &input) : TableForm(path: path) ?? .csv
    let rows = try Self.rows(form, stream, input)
    (name, self.form, self.rows) = (stream.name, form, rows)
  }

  /// The rows of a stream of which `input` is the beginning.
  private static func rows(
    _ form: TableForm, _ stream: ByteStream, _ input: consuming InputBuffer
  ) throws -> any TableRows {
    if let separator = form.separator {
      return try CSVRows(path: stream.name, separator: separator, input)
    }
    if stream.canRewind {
      return try JSONRows(path: stream.name, input) {
        try stream.rewind()
        return try InputBuffer { try stream.read(into: $0) }
      }
    }
    let gathered = try ByteStream.gathering(stream.name) { file in
      while try input.isFilled(1) {
        try file.write(UnsafeRawBufferPointer(input.bytes(input.start..<input.end)))
        input.start = input.end
      }
    }
    return try rows(form, gathered, InputBuffer { try gathered.read(into: $0) })
  }

  /// Reads cells between separators from anything that fills buffers.
  init(
    _ name: String, separator: UInt8, capacity: Int = 1 << 18,
    from source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws {
    rows = try CSVRows(
      path: name, separator: separator, InputBuffer(capacity: capacity, from: source))
    form = TableForm.allCases.first { $0.separator == separator } ?? .csv
    self.name = name
  }

  /// The line break after the first line; LF for a table without line breaks.
  var lineBreak: [UInt8] { rows.lineBreak.isEmpty ? [UInt8(ascii: "\n")] : rows.lineBreak }

  /// Where the columns' names stand, for messages.
  package var place: String { form == .jsonl ? name : "\(name), line 1" }

  /// Passes the cells of the next rows to `cell`: the column's number, the bytes without quotes, none for a missing
  /// value, and the position.
  ///
  /// - Parameter most: How many rows are read at most.
  /// - Returns: How many rows were read, 0 at the end.
  /// - Throws: `DataFileFailure` for a table without rows and for a row of another length, what `cell`
  ///   throws.
  @discardableResult
  package mutating func readRows(
    atMost most: Int = .max,
    _ cell: (Int, UnsafeBufferPointer<UInt8>, CellPlace) throws -> Void
  ) throws -> Int {
    let first = count
    while count - first < most, try rows.readRow(cell) { count += 1 }
    guard count > 0 else {
      throw DataFileFailure(
        path: name, expected: "a row for each record", actual: "column names alone",
        advice: "write one for each record")
    }
    return count - first
  }
}
