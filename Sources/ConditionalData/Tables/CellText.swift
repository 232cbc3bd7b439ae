import RecordTypes

/// The names of a category's levels as cells of a CSV file, in one piece of memory.
struct LevelTexts {
  private let bytes: [UInt8]
  private let starts: [Int]

  init(_ names: [String]) {
    let texts = names.map { Array(CellText.level($0).utf8) }
    bytes = texts.flatMap { $0 }
    starts = texts.reduce(into: [0]) { starts, text in
      starts.append((starts.last ?? 0) + text.count)
    }
  }

  func append(_ level: Int32, to line: inout [UInt8]) {
    line += bytes[starts[Int(level)]..<starts[Int(level) + 1]]
  }
}

/// A column's numbers as cells of a CSV file.
struct NumberTexts {
  private let form: NumberForm?
  /// What 0 stands for in a column of times.
  private let origin: TimeText?
  /// The digits behind the point of plain numbers, and how many of them stay if they are zeros.
  private let digits: Int?
  private let kept: Int

  init(_ form: NumberForm?) {
    self.form = form
    origin = form?.clock?.origin
    var spelling: NumberSpelling?
    if case .decimals(let digits) = form { spelling = NumberSpelling(decimals: digits) }
    if case .spelled(let own) = form { spelling = own }
    digits = spelling.flatMap { $0.isPlain && $0.decimals <= 6 ? $0.decimals : nil }
    kept =
      switch spelling?.zeros {
      case .dropped: 0
      case .oneKept: 1
      case .kept, nil: digits ?? 0
      }
  }

  /// Adds a number as its column writes it.
  func append(_ number: Double, to line: inout [UInt8]) {
    if let origin {
      TimeText.append(NumberForm.value(number, since: origin), origin.style, to: &line)
      return
    }
    guard var digits, abs(number) < 1e9 else {
      line += CellText.quoted(form?.text(number) ?? "\(number)").utf8
      return
    }
    // A whole number of the last digit's units.
    let unit = TimeStyle.powerOfTen(digits)
    var units = Int((number * Double(unit)).rounded())
    let isNegative = units < 0
    units = abs(units)
    while digits > kept, units % 10 == 0 {
      units /= 10
      digits -= 1
    }
    // From the last digit to the first.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { text in
      var start = text.count
      func put(_ byte: UInt8) {
        start -= 1
        text[start] = byte
      }
      var digit = 0
      let point = digits
      while digit <= point || units > 0 {
        if digit == point, point > 0 { put(UInt8(ascii: ".")) }
        put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: units % 10))
        units /= 10
        digit += 1
      }
      if isNegative { put(UInt8(ascii: "-")) }
      line.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }
  }
}

/// Texts as cells of a CSV file.
package enum CellText {
  /// A text quoted as RFC 4180 says, also if it contains a tab, which separates the cells of a .tsv.
  package static func quoted(_ text: String) -> String {
    // Bytes: a `Character` can be CR and LF, or a comma with a mark on it.
    guard text.utf8.contains(where: special.contains) else { return text }
    let quote = UInt8(ascii: "\"")
    let bytes = text.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
    return String(decoding: [quote] + bytes + [quote], as: UTF8.self)
  }

  /// Adds a text, in quotes also where it would read as a missing value without them.
  static func append(_ text: ArraySlice<UInt8>, to line: inout [UInt8]) {
    let quote = UInt8(ascii: "\"")
    guard text.contains(where: special.contains) || ColumnBuilder.missing.contains(Array(text))
    else {
      line += text
      return
    }
    line.append(quote)
    for byte in text {
      if byte == quote { line.append(quote) }
      line.append(byte)
    }
    line.append(quote)
  }

  private static let special = Array(",\t\"\n\r".utf8)

  /// A level, in quotes also where it would read as a missing value without them.
  static func level(_ name: String) -> String {
    ColumnBuilder.missing.contains(Array(name.utf8)) ? "\"\(name)\"" : quoted(name)
  }
}
