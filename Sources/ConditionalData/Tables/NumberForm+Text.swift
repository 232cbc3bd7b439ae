import Foundation
public import RecordTypes

extension NumberForm {
  /// A number as tables write it: on the form's grid, a date as a date.
  public func text(_ number: Double) -> String {
    switch self {
    case .decimals(let digits): return String(format: "%.\(digits)f", rounded(number) + 0.0)
    case .spelled(let spelling): return spelling.text(rounded(number))
    case .days, .seconds:
      let origin = clock?.origin
      var line: [UInt8] = []
      TimeText.append(
        Self.value(number, since: origin), origin?.style ?? TimeStyle(), to: &line)
      return String(decoding: line, as: UTF8.self)
    }
  }

  /// Days or seconds since 1970 for a number that counts from `origin`.
  static func value(_ number: Double, since origin: TimeText?) -> Double {
    let within = number.isNaN ? 0 : min(max(number, -mostUnits), mostUnits)
    return (origin?.value ?? 0) + within
  }

  /// The most seconds whose millionths fit into an integer, and as many days.
  private static let mostUnits = 1e12

  /// Whether a number stands for a date that can be written.
  func canWrite(_ number: Double) -> Bool { abs(number) <= Self.mostUnits }

  /// Whether a date or time to count from can be read; true for forms that count from none.
  var hasOrigin: Bool { decimals != nil || clock != nil }

  /// The numbers that can be written: multiples of a whole number of equal parts of 1.
  package struct Grid: Sendable {
    let parts: Double
    let multiple: Double

    /// The nearest number of the grid.
    package func rounded(_ number: Double) -> Double {
      // Beyond 2⁵³ parts every number lies on the grid.
      guard abs(number) < 0x1p53 / parts else { return number }
      return (number * parts / multiple).rounded() * multiple / parts
    }
  }

  /// The numbers of this form.
  package var grid: Grid {
    if let decimals { return Grid(parts: Self.power(decimals), multiple: 1) }
    if case .days(_, let step) = self { return Grid(parts: 1, multiple: Double(step)) }
    guard case .seconds(_, let step) = self, let style = clock?.origin.style else {
      return Grid(parts: 1, multiple: 1)
    }
    let units = style.units
    // Of times without seconds a step is some minutes.
    let multiple = step == 1 ? units.seconds : step * units.inSecond
    return Grid(parts: Double(units.inSecond), multiple: Double(multiple))
  }

  private static func power(_ digits: Int) -> Double {
    digits < powersOfTen.count ? powersOfTen[digits] : pow(10, Double(digits))
  }

  private static let powersOfTen = (0...6).map { pow(10, Double($0)) }

  /// The nearest number of the form's grid; for many numbers take the ``grid``.
  public func rounded(_ number: Double) -> Double { grid.rounded(number) }

  /// The number that a text in the form's spelling stands for, or as ISO 8601 writes it; nil for other texts, and for
  /// plain numbers. A time without a zone is one of the column's own zone.
  public func number(spelled text: String) -> Double? {
    if case .spelled(let spelling) = self, !spelling.isPlain {
      return Array(text.utf8).withUnsafeBufferPointer { spelling.number($0)?.value }
    }
    guard let clock, let time = Self.time(text, clock.origin.style) else { return nil }
    // Without a zone it is a time of the column's own.
    let offset = time.style.zone == .none ? Double(clock.origin.style.offset) : 0
    return (time.seconds - offset - clock.origin.seconds) / clock.unit
  }

  /// The last time of the day that a date alone stands for in a column of times; nil for other texts and columns.
  package func last(spelled text: String) -> Double? {
    guard case .seconds = self, let style = clock?.origin.style,
      Self.time(text, style)?.style.hasTime == false, let first = number(spelled: text)
    else { return nil }
    let step = grid.multiple / grid.parts
    return max(first, (((first + 86_400) / step).rounded(.up) - 1) * step)
  }

  /// A number of this form converted to another one that counts from another date; nil if one of the two doesn't
  /// count from a date.
  func converted(_ number: Double, to other: NumberForm) -> Double? {
    guard let own = clock, let target = other.clock else { return nil }
    return (number * own.unit + own.origin.seconds - target.origin.seconds) / target.unit
  }

  /// For dates and times: what 0 stands for, and the seconds in 1.
  var clock: (origin: TimeText, unit: Double)? {
    switch self {
    case .decimals, .spelled: nil
    case .days(let first, _): Self.time(first).map { ($0, 86_400) }
    case .seconds(let first, _): Self.time(first).map { ($0, 1) }
    }
  }

  /// A text as a time: with a style in that or as ISO 8601 writes it, without one in any.
  private static func time(_ text: String, _ style: TimeStyle? = nil) -> TimeText? {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      guard let style else { return TimeText(bytes) }
      if let own = TimeText(bytes, in: style) { return own }
      if let date = TimeText(bytes, in: style.ofDates) { return date }
      // 05/13/2026 is no date of a column in which days come first.
      return TimeText(bytes).flatMap { $0.style.order == .yearMonthDay ? $0 : nil }
    }
  }
}
