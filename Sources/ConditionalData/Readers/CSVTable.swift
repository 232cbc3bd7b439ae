import TensorFiles

/// A table of texts, as spreadsheets write it: a first row of column names, then a row for each
/// record.
///
/// A cell in quotes may hold separators, line breaks and, doubled, quotes. Lines end in LF, CRLF or
/// CR; a byte order mark is skipped, and so are empty lines.
///
/// - Source: RFC 4180, *Common Format and MIME Type for CSV Files*, 2005.
struct CSVTable {
  /// Where the table comes from.
  let path: String
  /// The columns' names, each once.
  let names: [String]
  /// Every record's cells, as many as there are names.
  private(set) var rows: [[String]] = []
  /// The line on which each record begins, counted from 1.
  private(set) var lines: [Int] = []

  /// Reads a file, compressed with gzip or not.
  ///
  /// - Throws: `DataFileFailure` that names the line, and the column where it is known; `FileFailure`.
  init(_ path: String, separator: UInt8 = UInt8(ascii: ",")) throws {
    let bytes = try GzipFile.readPossiblyCompressed(path)
    try self.init(bytes, path: path, separator: separator)
  }

  /// Reads the bytes of a file.
  init(_ bytes: [UInt8], path: String, separator: UInt8 = UInt8(ascii: ",")) throws {
    self.path = path
    var parser = CSVParser(bytes, path: path, separator: separator)
    guard let header = try parser.nextRow() else {
      throw DataFileFailure(
        path: path, expected: "a first row of column names", actual: "an empty file",
        advice: "write the names of the columns into the first line")
    }
    names = header.cells
    for (index, name) in names.enumerated() {
      guard !name.isEmpty, !names[..<index].contains(name) else {
        throw DataFileFailure(
          path: "\(path), line \(header.line), column \(index + 1)",
          expected: "a name that no other column has",
          actual: name.isEmpty ? "none" : "'\(name)' again", advice: "rename the column")
      }
    }
    while let row = try parser.nextRow() {
      guard row.cells.count == names.count else {
        throw DataFileFailure(
          path: "\(path), line \(row.line)",
          expected: "\(names.count) cells, as many as there are column names",
          actual: "\(row.cells.count)",
          advice: "complete the row, and put quotes around a text that holds the separator")
      }
      rows.append(row.cells)
      lines.append(row.line)
    }
  }

  /// One column's cells.
  func column(_ index: Int) -> [String] { rows.map { $0[index] } }
}
