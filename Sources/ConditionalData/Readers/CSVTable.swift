import TensorFiles

/// A small table of texts: a first row of column names, then a row for each record.
package struct CSVTable {
  /// Where the table comes from.
  package let path: String
  /// The columns' names, each once.
  package let names: [String]
  /// Every record's cells, as many as there are names.
  package private(set) var rows: [[String]] = []
  /// The line on which each record begins, counted from 1.
  package private(set) var lines: [Int] = []

  /// Reads a file, compressed with gzip or not.
  ///
  /// - Throws: `DataFileFailure` that names the line, and the column where it is known; `FileFailure`.
  package init(_ path: String, separator: UInt8 = UInt8(ascii: ",")) throws {
    let stream = try ByteStream(path)
    try self.init(path: path, separator: separator, from: { try stream.read(into: $0) })
  }

  /// Reads from anything that fills buffers.
  init(
    path: String, separator: UInt8 = UInt8(ascii: ","), capacity: Int = 1 << 18,
    from source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws {
    self.path = path
    var scanner = try CSVScanner(
      path: path, separator: separator, capacity: capacity, from: source)
    names = try TableHeader.names(&scanner, path: path)
    var row: [String] = []
    var line = 0
    while true {
      let following = try scanner.next { bytes, place in
        if row.isEmpty { line = place.line }
        row.append(try TableHeader.text(bytes, path, place))
      }
      guard let following else { break }
      guard following == .endOfRow else { continue }
      guard row.count == names.count else {
        throw TableHeader.ragged(path, line: line, cells: row.count, names: names.count)
      }
      rows.append(row)
      lines.append(line)
      row.removeAll()
    }
  }

  /// One column's cells.
  func column(_ index: Int) -> [String] { rows.map { $0[index] } }
}
