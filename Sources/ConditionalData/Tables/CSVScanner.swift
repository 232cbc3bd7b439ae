import TensorFiles

/// Cuts a CSV file into cells while it is read; only a buffer is in memory, which grows where a cell needs it.
///
/// A cell in quotes may hold separators, line breaks and, doubled, quotes. Lines end in LF, CRLF or
/// CR; a byte order mark is skipped, and so are empty lines.
///
/// - Source: RFC 4180, *Common Format and MIME Type for CSV Files*, 2005.
struct CSVScanner: ~Copyable {
  private let path: String
  private let separator: UInt8
  private let source: (UnsafeMutableRawBufferPointer) throws -> Int
  private var buffer: UnsafeMutableBufferPointer<UInt8>
  /// The bytes of the buffer that are not used up yet.
  private var start = 0
  private var end = 0
  private var isSourceEmpty = false
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

  /// Reads from `source`, which fills a buffer and says how far, 0 at the end.
  init(
    path: String, separator: UInt8, capacity: Int = 1 << 18,
    from source: @escaping (UnsafeMutableRawBufferPointer) throws -> Int
  ) throws {
    precondition(capacity >= 4, "A scanner's buffer holds a byte order mark.")
    self.path = path
    self.separator = separator
    self.source = source
    buffer = .allocate(capacity: capacity)
    while end < 3, !isSourceEmpty { try refill() }
    if end >= 3, buffer[0] == 0xEF, buffer[1] == 0xBB, buffer[2] == 0xBF { start = 3 }
  }

  deinit { buffer.deallocate() }

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
    guard try isFilled(1) || expectsCell else { return nil }
    place = CellPlace(line: line, column: place.column + 1)
    place.isQuoted = start < end && buffer[start] == Self.quote
    if place.isQuoted {
      try readQuoted()
      try quoted.withUnsafeBufferPointer { try body($0, place) }
    } else {
      let length = try plainLength()
      try body(
        UnsafeBufferPointer(rebasing: UnsafeBufferPointer(buffer)[start..<start + length]), place)
      start += length
    }
    return try endCell()
  }

  /// Takes the separator or line break behind a cell.
  private mutating func endCell() throws -> Following {
    expectsCell = false
    guard try isFilled(1) else { return .endOfRow }
    if buffer[start] == separator {
      start += 1
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
      while start + length < end {
        let byte = buffer[start + length]
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
      guard try isFilled(length + 1) else { return length }
    }
  }

  private mutating func readQuoted() throws {
    quoted.removeAll(keepingCapacity: true)
    start += 1
    while try isFilled(1) {
      let byte = buffer[start]
      start += 1
      if byte == Self.quote {
        guard try isFilled(1) else { return }
        guard buffer[start] == Self.quote else {
          guard buffer[start] == separator || endsLine() else {
            throw failure(
              "a separator or the end of the line after a cell in quotes", "other text",
              "double the quotes within the cell")
          }
          return
        }
        start += 1
      } else if byte == Self.lineFeed {
        line += 1
      } else if byte == Self.carriageReturn {
        if try !isFilled(1) || buffer[start] != Self.lineFeed { line += 1 }
      }
      quoted.append(byte)
    }
    throw failure(
      "a quote that ends the cell", "the end of the file",
      "close the quotes, or double the quotes within the cell")
  }

  private mutating func skipEmptyLines() throws {
    while try isFilled(1), endsLine() { try skipLineBreak() }
  }

  private func endsLine() -> Bool {
    buffer[start] == Self.lineFeed || buffer[start] == Self.carriageReturn
  }

  private mutating func skipLineBreak() throws {
    let isReturn = buffer[start] == Self.carriageReturn
    start += 1
    let isPair = try isReturn && isFilled(1) && buffer[start] == Self.lineFeed
    if isPair { start += 1 }
    if lineBreak.isEmpty {
      lineBreak = isPair ? Array("\r\n".utf8) : [isReturn ? Self.carriageReturn : Self.lineFeed]
    }
    line += 1
  }

  /// Whether there are `count` bytes from `start` on; reads more where there are not.
  private mutating func isFilled(_ count: Int) throws -> Bool {
    while end - start < count {
      guard !isSourceEmpty else { return false }
      try refill()
    }
    return true
  }

  /// Moves unused bytes to the front, enlarges the buffer if a cell fills it, and reads on.
  private mutating func refill() throws {
    if start > 0 {
      let left = UnsafeMutableBufferPointer(rebasing: buffer[start..<end])
      _ = buffer.update(fromContentsOf: left)
      end -= start
      start = 0
    }
    if end == buffer.count {
      let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 2 * buffer.count)
      _ = larger.update(fromContentsOf: buffer)
      buffer.deallocate()
      buffer = larger
    }
    let room = UnsafeMutableRawBufferPointer(
      rebasing: UnsafeMutableRawBufferPointer(buffer)[end...])
    let count = try source(room)
    isSourceEmpty = count == 0
    end += count
  }

  /// A failure at the cell that is being read.
  func failure(_ expected: String, _ actual: String, _ advice: String) -> DataFileFailure {
    DataFileFailure(
      path: "\(path), line \(place.line), column \(place.column)", expected: expected,
      actual: actual, advice: advice)
  }
}
