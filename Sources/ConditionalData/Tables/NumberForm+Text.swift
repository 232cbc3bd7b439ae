import Foundation
public import RecordTypes

extension NumberForm {
  /// A number as tables write it: on the form's grid, a date as a date.
  public func text(_ number: Double) -> String {
    if case .decimals(let digits) = self {
      return String(format: "%.\(digits)f", rounded(number) + 0.0)
    }
    var line: [UInt8] = []
    appendTime(number, since: clock?.origin ?? 0, to: &line)
    return String(decoding: line, as: UTF8.self)
  }

  /// Adds a date or time, counted from `origin` in seconds since 1970; nothing for other forms.
  func appendTime(_ number: Double, since origin: Int, to line: inout [UInt8]) {
    switch self {
    case .decimals: return
    case .days: TimeText.append(day: origin / 86_400 + Self.whole(number), to: &line)
    case .seconds: TimeText.append(seconds: origin + Self.whole(number), to: &line)
    }
  }

  /// Days or seconds as an integer: the nearest one whose seconds fit into 64 bits.
  private static func whole(_ number: Double) -> Int {
    number.isNaN ? 0 : Int(min(max(number.rounded(), -mostUnits), mostUnits))
  }

  /// The most days whose seconds fit into an integer.
  private static let mostUnits = 1e13

  /// Whether a number stands for a date that can be written.
  func canWrite(_ number: Double) -> Bool { abs(number) <= Self.mostUnits }

  /// Whether a date or time to count from can be read.
  var hasOrigin: Bool {
    if case .decimals = self { true } else { clock != nil }
  }

  /// The nearest number of the form's grid.
  public func rounded(_ number: Double) -> Double {
    guard case .decimals(let digits) = self else { return number.rounded() }
    let unit = digits < Self.powersOfTen.count ? Self.powersOfTen[digits] : pow(10, Double(digits))
    // Beyond 2⁵³ units every number lies on the grid.
    return abs(number) < 0x1p53 / unit ? (number * unit).rounded() / unit : number
  }

  private static let powersOfTen = (0...6).map { pow(10, Double($0)) }

  /// The number that stands for a written date or time; nil for other texts and forms.
  public func number(ofTime text: String) -> Double? {
    guard let clock, let time = Self.time(text) else { return nil }
    return Double(time.seconds - clock.origin) / clock.unit
  }

  /// A number of this form converted to another one that counts from another date; nil if one of the two doesn't
  /// count from a date.
  func converted(_ number: Double, to other: NumberForm) -> Double? {
    guard let own = clock, let target = other.clock else { return nil }
    let seconds = number * own.unit + Double(own.origin)
    return (seconds - Double(target.origin)) / target.unit
  }

  /// For dates and times: what 0 stands for, in seconds since 1970, and the seconds in 1.
  var clock: (origin: Int, unit: Double)? {
    switch self {
    case .decimals: nil
    case .days(let first): Self.time(first).map { ($0.seconds, 86_400) }
    case .seconds(let first): Self.time(first).map { ($0.seconds, 1) }
    }
  }

  private static func time(_ text: String) -> TimeText? {
    Array(text.utf8).withUnsafeBufferPointer { TimeText($0) }
  }
}
