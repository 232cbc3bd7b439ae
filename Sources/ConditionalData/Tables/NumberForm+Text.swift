import Foundation
public import RecordSchema

extension NumberForm {
  /// A number as tables write it: on the form's grid, a date as a date.
  public func text(_ number: Double) -> String {
    switch self {
    case .decimals(let digits): return String(format: "%.\(digits)f", rounded(number) + 0.0)
    case .days(let first):
      return TimeText.text(day: (Self.day(first) ?? 0) + Int(number.rounded()))
    case .seconds(let first):
      return TimeText.text(seconds: (Self.seconds(first) ?? 0) + Int(number.rounded()))
    }
  }

  /// The nearest number of the form's grid.
  public func rounded(_ number: Double) -> Double {
    guard case .decimals(let digits) = self else { return number.rounded() }
    let unit = pow(10, Double(digits))
    return (number * unit).rounded() / unit
  }

  private static func day(_ text: String) -> Int? { time(text)?.day }

  private static func seconds(_ text: String) -> Int? { time(text)?.seconds }

  private static func time(_ text: String) -> TimeText? {
    Array(text.utf8).withUnsafeBufferPointer { TimeText($0) }
  }
}
