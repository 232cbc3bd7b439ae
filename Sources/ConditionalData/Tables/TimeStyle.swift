/// How dates and times are spelled.
struct TimeStyle: Hashable, Sendable {
  enum Order {
    case yearMonthDay, dayMonthYear, monthDayYear
  }

  enum Zone: Hashable, Sendable {
    case none, zulu
    /// Seconds by which local time is ahead.
    case ahead(Int)

    /// Seconds by which local time is ahead.
    var offset: Int { if case .ahead(let seconds) = self { seconds } else { 0 } }

    /// As times have it at their end.
    var text: String {
      var text: [UInt8] = []
      TimeText.append(self, to: &text)
      return String(decoding: text, as: UTF8.self)
    }
  }

  var order = Order.yearMonthDay
  /// What stands between the parts of a date; nil for nothing.
  var mark: UInt8? = UInt8(ascii: "-")
  /// Whether days and months always have two digits.
  var isPadded = true
  /// What parts the date from the time: a blank or a T; nil for a date alone.
  var separator: UInt8?
  var hasSeconds = true
  /// Digits behind the point of the seconds.
  var fraction = 0
  var zone = Zone.none

  /// Whether times follow the dates.
  var hasTime: Bool { separator != nil }

  /// The same without the times.
  var ofDates: TimeStyle { TimeStyle(order: order, mark: mark, isPadded: isPadded) }

  /// Seconds by which local time is ahead.
  var offset: Int { zone.offset }

  /// The smallest unit that can be written, in days or seconds.
  var units: (inSecond: Int, seconds: Int) {
    if !hasTime { return (1, 1) }
    return hasSeconds ? (Self.powerOfTen(fraction), 1) : (1, 60)
  }

  /// A loop: reading a shared array counts references for each of millions of cells.
  static func powerOfTen(_ digits: Int) -> Int { (0..<digits).reduce(1) { power, _ in 10 * power } }

  /// A time that column's numbers count from, at most `first`, whose text shows the style: where it isn't plain
  /// from any date, the last 31st of January.
  func origin(before first: Double) -> Double {
    guard order != .yearMonthDay || !isPadded else { return first }
    let perDay = hasTime ? 86_400.0 : 1
    let day = Int((first / perDay).rounded(.down))
    let year = TimeText.parts(ofDay: day).year
    let january = TimeText.days(year: year, month: 1, day: 31)
    // A day earlier still, so that no zone's offset leads beyond the first.
    let origin = january < day ? january : TimeText.days(year: year - 1, month: 1, day: 31)
    return Double(origin) * perDay - Double(offset)
  }
}
