import Foundation
package import RecordTypes

/// The names of a category's levels as cells of a CSV file, in one piece of memory.
struct LevelTexts {
  private let bytes: [UInt8]
  private let starts: [Int]

  init(_ names: [String]) {
    let texts = names.map { Array(CellText.quoted($0).utf8) }
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
  private let origin: Int?

  init(_ form: NumberForm?) {
    self.form = form
    origin = form?.clock?.origin
  }

  /// Adds a number as its column writes it.
  func append(_ number: Double, to line: inout [UInt8]) {
    if let form, let origin {
      form.appendTime(number, since: origin, to: &line)
      return
    }
    guard case .decimals(let digits) = form, digits <= 6, abs(number) < 1e9 else {
      line += (form?.text(number) ?? "\(number)").utf8
      return
    }
    // A whole number of the last digit's units.
    let unit = Self.powersOfTen[digits]
    var units = Int((number * Double(unit)).rounded())
    let isNegative = units < 0
    units = abs(units)
    // From the last digit to the first.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { text in
      var start = text.count
      func put(_ byte: UInt8) {
        start -= 1
        text[start] = byte
      }
      var digit = 0
      while digit <= digits || units > 0 {
        if digit == digits, digits > 0 { put(UInt8(ascii: ".")) }
        put(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: units % 10))
        units /= 10
        digit += 1
      }
      if isNegative { put(UInt8(ascii: "-")) }
      line.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }
  }

  private static let powersOfTen = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]
}

/// Texts as cells of a CSV file.
package enum CellText {
  /// A text quoted as RFC 4180 says, also if it contains a tab, which separates the cells of a .tsv.
  package static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\t\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
