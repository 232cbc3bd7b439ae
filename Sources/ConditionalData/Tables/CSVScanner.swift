import TensorFiles

/// Cuts a CSV file into cells while it is read.
///
/// A cell in quotes may hold separators, line breaks and, doubled, quotes. Lines end in LF, CRLF or
/// CR; a byte order mark is skipped, and so are empty lines.
///
/// - Source: RFC 4180, *Common Format and MIME Type for CSV Files*, 2005.
struct CSVScanner: ~Copyable {
  private let path: String
  private let separator: UInt8
  private var input: InputBuffer
  private var quoted: [UInt8] = []
  /// Whether a separator came last, so that a cell follows even at the end of the file.
  private var expectsCell = false

  /// The line of the next cell, counted from 1.
  private(set) var line = 1
  /// The line and column, counted from 1, at which the last cell began.
  private(set) var place = CellPlace(line: 1, column: 0)
  /// Whether an empty line counts as a row with an empty cell.
  var keepsEmptyLines = false
  /// The line break after the first line; empty before that is read.
  private(set) var lineBreak: [UInt8] = []

  private static let quote = UInt8(ascii: "\"")
  private static let lineFeed = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  /// Cuts what `input` holds and reads.
  init(path: String, separator: UInt8, _ input: consuming InputBuffer) {
    self.path = path
    self.separator = separator
    self.input = input
  }

  /// What comes after a cell.
  enum Following {
    case anotherCell, endOfRow
  }

  /// Reads the next cell and passes its bytes to `body`; nil at the end of the table.
  ///
  /// - Throws: `DataFileFailure` that names line and column, what `body` throws.
  mutating func next(
    _ body: (UnsafeBufferPointer<UInt8>, CellPlace) throws -> Void
  ) throws -> Following? {
    if !expectsCell {
      if !keepsEmptyLines { try skipEmptyLines() }
      place.column = 0
    }
    guard try input.isFilled(1) || expectsCell else { return nil }
    place = CellPlace(line: line, column: place.column + 1)
    place.isQuoted = input.start < input.end && input[input.start] == Self.quote
    if place.isQuoted {
      try readQuoted()
      try quoted.withUnsafeBufferPointer { try body($0, place) }
    } else {
      let length = try plainLength()
      try body(input.bytes(input.start..<input.start + length), place)
      input.start += length
    }
    return try endCell()
  }

  /// Takes the separator or line break behind a cell.
  private mutating func endCell() throws -> Following {
    expectsCell = false
    guard try input.isFilled(1) else { return .endOfRow }
    if input[input.start] == separator {
      input.start += 1
      expectsCell = true
      return .anotherCell
    }
    try skipLineBreak()
    return .endOfRow
  }

  /// The number of bytes up to what ends a cell without quotes.
  private mutating func plainLength() throws -> Int {
    var length = 0
    while true {
      while input.start + length < input.end {
        let byte = input[input.start + length]
        if byte == separator || byte == Self.lineFeed || byte == Self.carriageReturn {
          return length
        }
        if byte == Self.quote {
          throw failure(
            "quotes around a whole cell", "a quote within one",
            "put the cell in quotes and double the quotes in it")
        }
        length += 1
      }
      guard try input.isFilled(length + 1) else { return length }
    }
  }

  private mutating func readQuoted() throws {
    quoted.removeAll(keepingCapacity: true)
    input.start += 1
    while try input.isFilled(1) {
      let byte = input[input.start]
      input.start += 1
      if byte == Self.quote {
        guard try input.isFilled(1) else { return }
        guard input[input.start] == Self.quote else {
          guard input[input.start] == separator || endsLine() else {
            throw failure(
              "a separator or the end of the line after a cell in quotes", "other text",
              "double the quotes within the cell")
          }
          return
        }
        input.start += 1
      } else if byte == Self.lineFeed {
        line += 1
      } else if byte == Self.carriageReturn {
        if try !input.isFilled(1) || input[input.start] != Self.lineFeed { line += 1 }
      }
      quoted.append(byte)
    }
    throw failure(
      "a quote that ends the cell", "the end of the file",
      "close the quotes, or double the quotes within the cell")
  }

  private mutating func skipEmptyLines() throws {
    while try input.isFilled(1), endsLine() { try skipLineBreak() }
  }

  private func endsLine() -> Bool {
    input[input.start] == Self.lineFeed || input[input.start] == Self.carriageReturn
  }

  private mutating func skipLineBreak() throws {
    let isReturn = input[input.start] == Self.carriageReturn
    input.start += 1
    let isPair = try isReturn && input.isFilled(1) && input[input.start] == Self.lineFeed
    if isPair { input.start += 1 }
    if lineBreak.isEmpty {
      lineBreak = isPair ? Array("\r\n".utf8) : [isReturn ? Self.carriageReturn : Self.lineFeed]
    }
    line += 1
  }

  /// A failure at the cell that is being read.
  func failure(_ expected: String, _ actual: String, _ advice: String) -> DataFileFailure {
    DataFileFailure(
      path: "\(path), line \(place.line), column \(place.column)", expected: expected,
      actual: actual, advice: advice)
  }
}
