import Foundation

extension NumberSpelling {
  /// Reads a number that is spelled so; nil for other texts.
  package func number(_ cell: UnsafeBufferPointer<UInt8>) -> NumberText? {
    var text = cell[...]
    var plain: [UInt8] = []
    if text.first == UInt8(ascii: "-") { plain.append(text.removeFirst()) }
    guard text.starts(with: prefix.utf8) else { return nil }
    text = text.dropFirst(prefix.utf8.count)
    guard text.count >= suffix.utf8.count, text.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    else { return nil }
    text = text.dropLast(suffix.utf8.count)
    guard let whole = wholeDigits(of: &text) else { return nil }
    plain += whole
    if text.starts(with: point.utf8), !text.isEmpty {
      plain.append(UInt8(ascii: "."))
      plain += text.dropFirst(point.utf8.count)
      guard plain.last.map(Self.isDigit) == true else { return nil }
    } else if !text.isEmpty {
      return nil
    }
    return plain.withUnsafeBufferPointer { NumberText($0) }
  }

  /// Takes the digits before the point, which are grouped in threes where there is a mark for that.
  private func wholeDigits(of text: inout Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8]? {
    var digits = Array(text.prefix(while: Self.isDigit))
    text = text.dropFirst(digits.count)
    guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else {
      return nil
    }
    guard !group.isEmpty else { return digits }
    guard digits.count <= 3 else { return nil }
    while text.starts(with: group.utf8) {
      // 0,123 is no number of thousands.
      if first == UInt8(ascii: "0") { return nil }
      let three = text.dropFirst(group.utf8.count).prefix(while: Self.isDigit)
      guard three.count == 3 else { return nil }
      digits += three
      text = text.dropFirst(group.utf8.count + 3)
    }
    return digits
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  /// A number, rounded to the last digit.
  package func text(_ number: Double) -> String {
    let fixed = String(format: "%.\(decimals)f", abs(number))
    var (whole, fraction) = (fixed, "")
    if decimals > 0 {
      whole = String(fixed.dropLast(decimals + 1))
      fraction = String(fixed.suffix(decimals))
    }
    let least = zeros == .kept ? decimals : zeros == .dropped ? 0 : 1
    while fraction.utf8.count > least, fraction.hasSuffix("0") { fraction.removeLast() }
    let isNegative = number < 0 && fixed.contains { $0 != "0" && $0 != "." }
    if !group.isEmpty {
      let digits = Array(whole)
      whole = ""
      for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { whole += group }
        whole.append(digit)
      }
    }
    return (isNegative ? "-" : "") + prefix + whole + (fraction.isEmpty ? "" : point + fraction)
      + suffix
  }

  /// Spellings in which a text that is no plain number is one, the likeliest first: digits with marks between
  /// them, before or behind them a currency, a percent sign and the like.
  package static func candidates(_ cell: UnsafeBufferPointer<UInt8>) -> [NumberSpelling] {
    guard cell.count <= 40, let text = String(validating: cell, as: UTF8.self) else { return [] }
    var scalars = Array(text.unicodeScalars)
    if scalars.first == "-" { scalars.removeFirst() }
    guard let first = scalars.firstIndex(where: isDigit),
      let last = scalars.lastIndex(where: isDigit)
    else { return [] }
    let (prefix, suffix) = (scalars[..<first], scalars[(last + 1)...])
    guard (prefix + suffix).allSatisfy(isSign) else { return [] }
    let digits = scalars[first...last]
    let marks = digits.filter { !isDigit($0) }
    guard marks.allSatisfy({ $0 == "." || $0 == "," || groupMarks.contains($0) }) else { return [] }
    return points(digits, marks).map { point, group in
      NumberSpelling(
        decimals: 0, point: point, group: group, prefix: string(prefix), suffix: string(suffix))
    }
  }

  /// What the marks between digits may be.
  private static func points(
    _ digits: ArraySlice<Unicode.Scalar>, _ marks: [Unicode.Scalar]
  ) -> [(point: String, group: String)] {
    guard let first = marks.first, let last = marks.last else { return [(".", "")] }
    if first != last, last == "." || last == "," { return [(String(last), String(first))] }
    let other = first == "," ? "." : ","
    guard marks.count == 1, !groupMarks.contains(first) else {
      return (first == "." || first == "," ? [other] : [".", ","]).map { ($0, String(first)) }
    }
    let isThree = digits.reversed().prefix { $0 != first }.count == 3
    let asPoint = (point: String(first), group: "")
    let asGroup = (point: other, group: String(first))
    if !isThree { return [asPoint] }
    return first == "," ? [asGroup, asPoint] : [asPoint, asGroup]
  }

  private static let groupMarks: [Unicode.Scalar] = [
    " ", "'", "\u{A0}", "\u{2019}", "\u{2009}", "\u{202F}",
  ]

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .currencySymbol
      || "%‰° \u{A0}\u{202F}".unicodeScalars
        .contains(scalar)
  }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }
}
