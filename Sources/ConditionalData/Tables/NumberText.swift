import Foundation

/// A number as it is written in a table.
struct NumberText {
  let value: Double
  /// Digits behind the point; for a number with an exponent, as many as its value needs.
  let decimals: Int
}

extension NumberText {
  /// Nil for a text that is no finite number.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    guard let plain = Self.plain(text) else {
      guard let value = Self.other(text), value.isFinite else { return nil }
      self.init(
        value: value, decimals: value == value.rounded() ? 0 : Self.mostDecimals)
      return
    }
    self = plain
  }

  /// A number with more digits behind the point counts as one without a grid.
  static let mostDecimals = 9

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
    return NumberText(value: isNegative ? -magnitude : magnitude, decimals: places)
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
