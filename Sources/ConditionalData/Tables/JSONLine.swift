import TensorFiles

/// A line with one JSON object of numbers, texts, truth values and nulls.
///
/// - Source: RFC 8259, *The JavaScript Object Notation (JSON) Data Interchange Format*, 2017.
struct JSONLine {
  /// The value of a key.
  struct Value {
    /// Where its bytes are, in the line or among the unescaped texts; none for null.
    var range = 0..<0
    var isUnescaped = false
    /// Whether it stands in quotes.
    var isText = false
    /// Where it begins in the line.
    var place = 0
  }

  let path: String
  /// Counted from 1.
  let number: Int
  let bytes: UnsafeBufferPointer<UInt8>
  private var place = 0
  private let isASCII: Bool

  init(path: String, number: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
    self.path = path
    self.number = number
    self.bytes = bytes
    isASCII = bytes.allSatisfy { $0 < 0x80 }
  }

  var isAtEnd: Bool { place == bytes.count }

  mutating func skipBlanks() {
    while place < bytes.count, [0x20, 0x09, 0x0D].contains(bytes[place]) { place += 1 }
  }

  /// Passes each key and its value to `body`; texts with escapes are added to `unescaped`.
  ///
  /// - Throws: `DataFileFailure` for anything but one object of simple values, and what `body` throws.
  mutating func readObject(
    _ unescaped: inout [UInt8],
    _ body: (UnsafeBufferPointer<UInt8>, Value) throws -> Void
  ) throws {
    try checkUTF8()
    guard take("{") else {
      throw failure("an object in braces on each line", advice: "write one object for each record")
    }
    if take("}") { return try expectEnd() }
    repeat {
      skipBlanks()
      guard place < bytes.count, bytes[place] == UInt8(ascii: "\"") else {
        throw failure("a key in double quotes")
      }
      let key = try readText(&unescaped)
      guard !key.range.isEmpty else {
        place = key.place
        throw failure("a key that isn't empty", advice: "name the column")
      }
      guard take(":") else { throw failure("a colon behind the key") }
      let value = try readValue(&unescaped)
      if key.isUnescaped {
        let text = Array(unescaped[key.range])
        try text.withUnsafeBufferPointer { try body($0, value) }
      } else {
        try body(UnsafeBufferPointer(rebasing: bytes[key.range]), value)
      }
    } while take(",")
    guard take("}") else { throw failure("a comma or a closing brace behind the value") }
    try expectEnd()
  }

  private mutating func expectEnd() throws {
    skipBlanks()
    guard isAtEnd else {
      throw failure("the end of the line behind the object", advice: "write each object on a line")
    }
  }

  /// Skips blanks, and a sign if it is the next one.
  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard place < bytes.count, bytes[place] == UInt8(ascii: sign) else { return false }
    place += 1
    return true
  }

  private mutating func readValue(_ unescaped: inout [UInt8]) throws -> Value {
    skipBlanks()
    let start = place
    if place < bytes.count, bytes[place] == UInt8(ascii: "\"") { return try readText(&unescaped) }
    while place < bytes.count, !Self.ends.contains(bytes[place]) { place += 1 }
    let word = UnsafeBufferPointer(rebasing: bytes[start..<place])
    if word.elementsEqual("null".utf8) { return Value(place: start) }
    guard JSONCell.isLiteral(word) else {
      place = start
      throw failure(
        "a number, a text in quotes, true, false or null",
        advice: "write one simple value for each key")
    }
    return Value(range: start..<place, place: start)
  }

  private static let ends = Array(",}] \t\r\n".utf8)

  private mutating func readText(_ unescaped: inout [UInt8]) throws -> Value {
    let (start, first) = (place, unescaped.count)
    place += 1
    var isUnescaped = false
    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "\"") {
        place += 1
        let range = isUnescaped ? first..<unescaped.count : start + 1..<place - 1
        return Value(range: range, isUnescaped: isUnescaped, isText: true, place: start)
      }
      guard byte >= 0x20 else {
        throw failure(
          "a text without control characters", actual: "one of them",
          advice: "write it with a backslash, such as \\n or \\u001b")
      }
      if byte == UInt8(ascii: "\\") {
        if !isUnescaped { unescaped += bytes[start + 1..<place] }
        isUnescaped = true
        try readEscape(&unescaped)
      } else {
        if isUnescaped { unescaped.append(byte) }
        place += 1
      }
    }
    throw failure("a quote that ends the text", advice: "close the quotes")
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    UInt8(ascii: "/"): UInt8(ascii: "/"), UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
  ]

  private mutating func readEscape(_ unescaped: inout [UInt8]) throws {
    let start = place
    place += 1
    if place < bytes.count, let byte = Self.escapes[bytes[place]] {
      unescaped.append(byte)
      place += 1
      return
    }
    guard var code = readUnit() else {
      place = start
      throw failure("an escape such as \\n, \\\" or \\u00e9")
    }
    if (0xD800..<0xDC00).contains(code), place < bytes.count, bytes[place] == UInt8(ascii: "\\") {
      place += 1
      if let low = readUnit(), (0xDC00..<0xE000).contains(low) {
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
    }
    guard let scalar = Unicode.Scalar(code) else {
      place = start
      throw failure("an escape that stands for a character")
    }
    unescaped += String(Character(scalar)).utf8
  }

  /// The number behind a `u`.
  private mutating func readUnit() -> UInt32? {
    guard place + 5 <= bytes.count, bytes[place] == UInt8(ascii: "u") else { return nil }
    let digits = bytes[place + 1..<place + 5]
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    place += 5
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  private func checkUTF8() throws {
    if isASCII || String(validating: bytes, as: UTF8.self) != nil { return }
    throw DataFileFailure(
      path: "\(path), line \(number)", expected: "text in UTF-8", actual: "bytes that aren't",
      advice: "save the file with the encoding UTF-8")
  }

  /// A key came a second time in the object.
  func repeats(_ place: Int) -> DataFileFailure {
    DataFileFailure(
      path: "\(path), line \(number), column \(column(place))",
      expected: "each key once in an object", actual: "a second value of the same key",
      advice: "remove one of them")
  }

  /// The number of a byte's character in the line, counted from 1.
  func column(_ place: Int) -> Int {
    isASCII ? place + 1 : bytes[..<place].count { $0 & 0xC0 != 0x80 } + 1
  }

  /// A failure at the present place.
  private func failure(
    _ expected: String, actual: String? = nil, advice: String = "write the line as JSON"
  ) -> DataFileFailure {
    DataFileFailure(
      path: "\(path), line \(number), column \(column(place))", expected: expected,
      actual: actual ?? seen, advice: advice)
  }

  /// What stands at the present place, in words.
  private var seen: String {
    guard place < bytes.count else { return "the end of the line" }
    switch bytes[place] {
    case UInt8(ascii: "["): return "a list"
    case UInt8(ascii: "{"): return "an object"
    default:
      let rest = String(decoding: bytes[place...].prefix(200), as: UTF8.self)
      let word = rest.prefix { !", }]\r".contains($0) }
      return "'\((word.isEmpty ? rest.prefix(1) : word).prefix(20))'"
    }
  }
}
