import ConditionalData
import Foundation
import RecordSchema

/// Values as cells of a CSV file.
enum CellText {
  /// Adds a number as its column writes it; nothing for a missing one.
  static func append(_ number: Float, _ form: NumberForm?, to line: inout [UInt8]) {
    if number.isNaN { return }
    guard case .decimals(let digits) = form, digits <= 6, abs(number) < 1e9 else {
      line += (form?.text(Double(number)) ?? "\(number)").utf8
      return
    }
    // A whole number of the last digit's units.
    let unit = powersOfTen[digits]
    var units = Int((Double(number) * Double(unit)).rounded())
    if units < 0 {
      line.append(UInt8(ascii: "-"))
      units = -units
    }
    line += "\(units / unit)".utf8
    if digits == 0 { return }
    line.append(UInt8(ascii: "."))
    var (rest, place) = (units % unit, unit / 10)
    while place > 0 {
      line.append(UInt8(ascii: "0") + UInt8(rest / place))
      rest %= place
      place /= 10
    }
  }

  private static let powersOfTen = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]

  /// RFC 4180; also where a tab would part cells of a .tsv.
  static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\t\"\n\r".contains($0) }) else { return text }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
