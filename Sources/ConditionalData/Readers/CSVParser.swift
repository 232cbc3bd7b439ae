import TensorFiles

/// Cuts the bytes of a CSV file into rows of cells, one row at a time.
struct CSVParser {
  private let bytes: [UInt8]
  private let path: String
  private let separator: UInt8
  private var position = 0
  private var line = 1

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(_ bytes: [UInt8], path: String, separator: UInt8) {
    self.bytes = bytes
    self.path = path
    self.separator = separator
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  /// The next row that isn't empty, and the line that it begins on; nil at the end.
  mutating func nextRow() throws -> (cells: [String], line: Int)? {
    while endsLine() { skipLineBreak() }
    guard position < bytes.count else { return nil }
    let start = line
    var cells: [String] = []
    while true {
      cells.append(try nextCell(column: cells.count + 1))
      guard position < bytes.count else { break }
      if bytes[position] == separator {
        position += 1
      } else {
        skipLineBreak()
        break
      }
    }
    return (cells, start)
  }

  /// The cell at the position, which then stands at a separator, a line break or the end.
  private mutating func nextCell(column: Int) throws -> String {
    guard position < bytes.count, bytes[position] == Self.quote else {
      let start = position
      while position < bytes.count, bytes[position] != separator, !endsLine() {
        guard bytes[position] != Self.quote else {
          throw failure(
            column, "quotes around a whole cell", "a quote within one",
            "put the cell in quotes and double the quotes in it")
        }
        position += 1
      }
      return try text(Array(bytes[start..<position]), column)
    }
    return try quotedCell(column: column)
  }

  private mutating func quotedCell(column: Int) throws -> String {
    let startLine = line
    var cell: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Self.quote {
        guard position < bytes.count, bytes[position] == Self.quote else {
          guard position == bytes.count || bytes[position] == separator || endsLine() else {
            throw failure(
              column, "a separator or the end of the line after a cell in quotes", "other text",
              "double the quotes within the cell")
          }
          return try text(cell, column)
        }
        position += 1
      } else if byte == Self.lineFeed || byte == Self.carriageReturn && !isLineFeed(position) {
        line += 1
      }
      cell.append(byte)
    }
    throw DataFileFailure(
      path: "\(path), line \(startLine), column \(column)",
      expected: "a quote that ends the cell", actual: "the end of the file",
      advice: "close the quotes, or double the quotes within the cell")
  }

  private func text(_ cell: [UInt8], _ column: Int) throws -> String {
    guard let text = String(validating: cell, as: UTF8.self) else {
      throw failure(
        column, "text in UTF-8", "bytes that aren't", "save the table with the encoding UTF-8")
    }
    return text
  }

  private func isLineFeed(_ index: Int) -> Bool {
    index < bytes.count && bytes[index] == Self.lineFeed
  }

  /// Whether the position is at a line break.
  private func endsLine() -> Bool {
    guard position < bytes.count else { return false }
    return bytes[position] == Self.lineFeed || bytes[position] == Self.carriageReturn
  }

  private mutating func skipLineBreak() {
    position += bytes[position] == Self.carriageReturn && isLineFeed(position + 1) ? 2 : 1
    line += 1
  }

  private func failure(
    _ column: Int, _ expected: String, _ actual: String, _ advice: String
  ) -> DataFileFailure {
    DataFileFailure(
      path: "\(path), line \(line), column \(column)", expected: expected, actual: actual,
      advice: advice)
  }
}
