/// Cells of tables as JSON.
enum JSONCell {
  /// Adds a text in quotes.
  static func append(_ text: some Sequence<UInt8>, to line: inout [UInt8]) {
    line.append(UInt8(ascii: "\""))
    for byte in text {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): line += [UInt8(ascii: "\\"), byte]
      case 0x08: line += "\\b".utf8
      case 0x09: line += "\\t".utf8
      case 0x0A: line += "\\n".utf8
      case 0x0C: line += "\\f".utf8
      case 0x0D: line += "\\r".utf8
      case ..<0x20:
        let digits = String(byte, radix: 16)
        line += "\\u".utf8 + [UInt8](repeating: UInt8(ascii: "0"), count: 4 - digits.utf8.count)
        line += digits.utf8
      default: line.append(byte)
      }
    }
    line.append(UInt8(ascii: "\""))
  }

  /// Whether a text is a number or a truth value, exactly as JSON spells them.
  static func isLiteral(_ text: some Collection<UInt8>) -> Bool {
    isNumber(text) || text.elementsEqual("true".utf8) || text.elementsEqual("false".utf8)
  }

  /// Whether a text is a number as JSON spells them: without a plus and zeros in front, with digits on both
  /// sides of a point.
  static func isNumber(_ text: some Collection<UInt8>) -> Bool {
    var rest = text[...]
    func take(_ signs: String) -> Bool {
      guard let first = rest.first, signs.utf8.contains(first) else { return false }
      rest = rest.dropFirst()
      return true
    }
    func takeDigits() -> Bool {
      let digits = rest.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
      rest = rest.dropFirst(digits.count)
      return !digits.isEmpty
    }
    _ = take("-")
    guard take("0") || rest.first.map({ $0 != UInt8(ascii: "0") }) == true && takeDigits() else {
      return false
    }
    if take("."), !takeDigits() { return false }
    if take("eE") {
      _ = take("+-")
      guard takeDigits() else { return false }
    }
    return rest.isEmpty
  }
}
