import TensorFiles

/// The position of a cell in a table's file.
package struct CellPlace: Hashable {
  /// Counted from 1.
  package var line: Int
  /// Counted from 1.
  package var column: Int
  /// Whether the cell is in quotes.
  var isQuoted = false
}

/// Reads tables row by row: used alike for data, for metadata and for tables to complete.
package struct TableReader: ~Copyable {
  private let path: String
  private var scanner: CSVScanner
  /// The columns' names, each once.
  package let names: [String]
  /// The number of rows so far.
  private(set) var count = 0

  /// Reads a file's first row; the file may be compressed with gzip.
  ///
  /// - Throws: `DataFileFailure` that names line and column, `FileFailure`.
  package init(_ path: String) throws {
    let stream = try ByteStream(path)
    try self.init(
      path, separator: TableFile.separator(of: path) ?? UInt8(ascii: ","),
      from: { try stream.read(into: $0) })
  }

  /// Reads from anything that fills buffers.
  init(
    _ path: String, separator: UInt8, capacity: Int = 1 << 18,
    from source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws {
    self.path = path
    var scanner = try CSVScanner(
      path: path, separator: separator, capacity: capacity, from: source)
    names = try TableHeader.names(&scanner, path: path)
    // The only column's empty cell is an empty line.
    scanner.keepsEmptyLines = names.count == 1
    self.scanner = scanner
  }

  /// The line break after the first line; LF for a table without line breaks.
  var lineBreak: [UInt8] { scanner.lineBreak.isEmpty ? [UInt8(ascii: "\n")] : scanner.lineBreak }

  /// Passes the cells of all rows to `cell`: the column's number, the bytes without quotes, and the position.
  ///
  /// - Throws: `DataFileFailure` for a table without rows and for a row of another length, what `cell`
  ///   throws.
  package mutating func readRows(
    _ cell: (Int, UnsafeBufferPointer<UInt8>, CellPlace) throws -> Void
  ) throws {
    let width = names.count
    while true {
      var cells = 0
      var line = 0
      var following: CSVScanner.Following?
      repeat {
        following = try scanner.next { bytes, place in
          if cells == 0 { line = place.line }
          if cells < width { try cell(cells, bytes, place) }
          cells += 1
        }
      } while following == .anotherCell
      guard following != nil else { break }
      guard cells == width else {
        throw TableHeader.ragged(path, line: line, cells: cells, names: width)
      }
      count += 1
    }
    guard count > 0 else {
      throw DataFileFailure(
        path: path, expected: "a row for each record", actual: "column names alone",
        advice: "write one for each record")
    }
  }
}
