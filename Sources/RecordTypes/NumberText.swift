import Foundation

/// A number as it is written in a table.
package struct NumberText {
  package let value: Double
  /// Digits behind the point; for a number with an exponent, as many as its value needs.
  package let decimals: Int
  /// Whether digits behind the point end in a zero.
  package var endsInZero = false
  /// How it differs from the form in which numbers are written.
  package var oddity: Oddity?

  package enum Oddity {
    /// Blanks before or behind it.
    case blanks
    /// Zeros before it, as in 02134: a code.
    case leadingZeros
    /// More digits than the number keeps, as identifiers have.
    case manyDigits
    /// A plus, no digit before or behind the point, or another exponent than the number needs.
    case spelling
  }
}

extension NumberText {
  /// Nil for a text that is no finite number.
  package init?(_ cell: UnsafeBufferPointer<UInt8>) {
    let text = Self.withoutBlanks(cell)
    if let plain = Self.plain(text) {
      self = plain
      oddity = Self.oddity(text)
    } else {
      guard let value = Self.other(text), value.isFinite else { return nil }
      self.init(value: value, decimals: value == value.rounded() ? 0 : Self.mostDecimals)
      if !"\(value)".utf8.elementsEqual(text) { oddity = Self.oddity(text, of: value) }
    }
    if text.count < cell.count { oddity = .blanks }
  }

  private static func withoutBlanks(
    _ cell: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    var (start, end) = (0, cell.count)
    while start < end, cell[start] == UInt8(ascii: " ") { start += 1 }
    while end > start, cell[end - 1] == UInt8(ascii: " ") { end -= 1 }
    return UnsafeBufferPointer(rebasing: cell[start..<end])
  }

  /// How a text differs that isn't the shortest one of a number.
  private static func oddity(_ text: UnsafeBufferPointer<UInt8>, of value: Double) -> Oddity? {
    if let oddity = oddity(text) { return oddity }
    let isWhole = text.allSatisfy { $0 != UInt8(ascii: ".") && $0 | 0x20 != UInt8(ascii: "e") }
    guard isWhole else { return .spelling }
    return String(format: "%.0f", value).utf8.elementsEqual(text) ? nil : .manyDigits
  }

  private static func oddity(_ text: UnsafeBufferPointer<UInt8>) -> Oddity? {
    let zero = UInt8(ascii: "0")
    func isDigit(_ place: Int) -> Bool {
      text.indices.contains(place) && text[place] >= zero && text[place] <= zero + 9
    }
    let start = text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") ? 1 : 0
    if isDigit(start), text[start] == zero, isDigit(start + 1) { return .leadingZeros }
    let isWhole = isDigit(start) && isDigit(text.count - 1) && text[0] != UInt8(ascii: "+")
    return isWhole ? nil : .spelling
  }

  /// A number with more digits behind the point counts as one without a grid.
  package static let mostDecimals = 9

  /// Sign, digits, point and digits: exact where the digits are fewer than 2⁵³ and the powers of ten
  /// are, too (Clinger, *How to Read Floating Point Numbers Accurately*, 1990).
  private static func plain(_ text: UnsafeBufferPointer<UInt8>) -> NumberText? {
    var position = 0
    var isNegative = false
    if let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      isNegative = first == UInt8(ascii: "-")
      position = 1
    }
    var digits: UInt64 = 0
    var count = 0
    var decimals: Int?
    while position < text.count {
      let byte = text[position]
      if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        digits = digits &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
        count += 1
        decimals = decimals.map { $0 + 1 }
      } else if byte == UInt8(ascii: "."), decimals == nil {
        decimals = 0
      } else {
        return nil
      }
      position += 1
    }
    guard count > 0, count <= 18, digits < 1 << 53 else { return nil }
    let places = decimals ?? 0
    let magnitude = Double(digits) / powers[places]
    return NumberText(
      value: isNegative ? -magnitude : magnitude, decimals: places,
      endsInZero: places > 0 && digits % 10 == 0)
  }

  /// Reads exponents, and digits that the short method can't read exactly, but no hexadecimal numbers or words.
  private static func other(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    let allowed = Array("0123456789+-.eE".utf8)
    guard text.contains(where: { $0 >= 0x30 && $0 <= 0x39 }), text.allSatisfy(allowed.contains)
    else { return nil }
    return Double(String(decoding: text, as: UTF8.self))
  }

  private static let powers = (0...18).map { pow(10, Double($0)) }
}
