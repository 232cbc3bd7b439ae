/// A date, or a date and a time: as ISO 8601 writes them, `2026-03-31`, `20260331`, `2026-03-31 23:59`,
/// `2026-03-31T23:59:59.250`, the last two also with a time zone, `Z` or `+02:00`; or with days, months and years in
/// another order, `31/03/2026`, `3/31/2026`, `31.3.2026`.
struct TimeText: Equatable {
  /// Days since 1970-01-01.
  let day: Int
  /// Seconds since midnight, 0 for a date alone.
  let second: Double
  let style: TimeStyle

  /// Reads a text that is spelled in a style; nil for others.
  ///
  /// - Parameter inAnyZone: Whether it may have another zone, but some zone.
  init?(_ text: UnsafeBufferPointer<UInt8>, in style: TimeStyle, inAnyZone: Bool = false) {
    self.init(text, style.order, isPadded: style.isPadded)
    var wanted = style
    if inAnyZone, self.style.zone != .none { wanted.zone = self.style.zone }
    guard self.style == wanted else { return nil }
  }

  /// Each way in which a text is a date or time, the likeliest first.
  static func readings(_ text: UnsafeBufferPointer<UInt8>) -> [TimeText] {
    if let own = TimeText(text, .yearMonthDay, isPadded: true) { return [own] }
    guard text.count >= 8 else { return [] }
    let orders: [TimeStyle.Order] = [.dayMonthYear, .monthDayYear, .yearMonthDay]
    return [true, false].flatMap { isPadded in
      orders.compactMap { TimeText(text, $0, isPadded: isPadded) }
    }
  }

  /// The first way in which a text is a date or time; nil if it is none.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    guard let first = Self.readings(text).first else { return nil }
    self = first
  }

  private init?(
    _ text: UnsafeBufferPointer<UInt8>, _ order: TimeStyle.Order, isPadded: Bool
  ) {
    var style = TimeStyle()
    (style.order, style.isPadded) = (order, isPadded)
    var reader = TimeReader(text)
    guard let day = Self.day(&reader, &style) else { return nil }
    self.day = day
    guard !reader.isAtEnd else {
      (second, self.style) = (0, style)
      return
    }
    guard style.mark != nil, let second = Self.second(&reader, &style) else { return nil }
    (self.second, self.style) = (second, style)
  }

  /// Days since 1970-01-01 for a date alone, otherwise seconds since 1970-01-01 00:00:00, in universal time where
  /// the zone is known.
  var value: Double { style.hasTime ? seconds : Double(day) }

  /// Seconds since 1970-01-01 00:00:00, in universal time where the zone is known.
  var seconds: Double { Double(86_400 * day - style.offset) + second }

  /// Reads a date, and how it is spelled.
  private static func day(_ reader: inout TimeReader, _ style: inout TimeStyle) -> Int? {
    guard style.order == .yearMonthDay else {
      guard let first = reader.number(padded: style.isPadded), let mark = reader.mark(),
        let second = reader.number(padded: style.isPadded), reader.mark() == mark,
        let year = reader.number(digits: 4)
      else { return nil }
      style.mark = mark
      let isDayFirst = style.order == .dayMonthYear
      return day(year, isDayFirst ? second : first, isDayFirst ? first : second)
    }
    guard let year = reader.number(digits: 4) else { return nil }
    style.mark = reader.mark()
    guard let mark = style.mark else {
      guard style.isPadded, (1900...2100).contains(year) else { return nil }
      return day(year, reader.number(digits: 2), reader.number(digits: 2))
    }
    guard let month = reader.number(padded: style.isPadded), reader.mark() == mark else {
      return nil
    }
    return day(year, month, reader.number(padded: style.isPadded))
  }

  /// Reads what follows a date: seconds since midnight.
  private static func second(_ reader: inout TimeReader, _ style: inout TimeStyle) -> Double? {
    guard let separator = reader.one(of: "T "), let hour = reader.number(digits: 2), hour < 24,
      reader.one(of: ":") != nil, let minute = reader.number(digits: 2), minute < 60
    else { return nil }
    style.separator = separator
    var second = Double(3600 * hour + 60 * minute)
    style.hasSeconds = reader.one(of: ":") != nil
    if style.hasSeconds {
      guard let whole = reader.number(digits: 2), whole < 60 else { return nil }
      second += Double(whole)
      if reader.one(of: ".") != nil {
        guard let (digits, value) = reader.fraction() else { return nil }
        style.fraction = digits
        second += value
      }
    }
    if reader.one(of: "Z") != nil {
      style.zone = .zulu
    } else if let sign = reader.one(of: "+-") {
      guard let hours = reader.number(digits: 2), hours < 24, reader.one(of: ":") != nil,
        let minutes = reader.number(digits: 2), minutes < 60
      else { return nil }
      let ahead = 3600 * hours + 60 * minutes
      // -00:00 would be written as +00:00.
      guard ahead > 0 || sign == UInt8(ascii: "+") else { return nil }
      style.zone = .ahead(sign == UInt8(ascii: "-") ? -ahead : ahead)
    }
    return reader.isAtEnd ? second : nil
  }

  private static func day(_ year: Int?, _ month: Int?, _ day: Int?) -> Int? {
    guard let year, let month, let day, (1...12).contains(month), day >= 1,
      day <= days(in: month, of: year)
    else { return nil }
    return days(year: year, month: month, day: day)
  }

  private static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  private static func days(in month: Int, of year: Int) -> Int {
    [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// Days since 1970-01-01 in the Gregorian calendar.
  ///
  /// - Source: Hinnant, *chrono-Compatible Low-Level Date Algorithms*, 2013, `days_from_civil`.
  static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - 400 * era
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + 365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The date that ``days(year:month:day:)`` turned into a number.
  static func parts(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    let month = part + (part < 10 ? 3 : -9)
    return (
      yearOfEra + 400 * era + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1
    )
  }

  /// A ``value`` as text.
  static func text(_ value: Double, _ style: TimeStyle) -> String {
    var text: [UInt8] = []
    append(value, style, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Adds a ``value``, rounded to what the style can write.
  static func append(_ value: Double, _ style: TimeStyle, to line: inout [UInt8]) {
    guard let separator = style.separator else {
      append(day: Int(value.rounded()), style, to: &line)
      return
    }
    let (inSecond, seconds) = style.units
    let units = Int((value * Double(inSecond)).rounded()) + style.offset * inSecond
    let inDay = 86_400 * inSecond
    let day = units >= 0 ? units / inDay : (units - inDay + 1) / inDay
    let rest = units - inDay * day
    let second = rest / inSecond / seconds * seconds
    append(day: day, style, to: &line)
    line.append(separator)
    append(second / 3600, to: &line)
    line.append(UInt8(ascii: ":"))
    append(second / 60 % 60, to: &line)
    if style.hasSeconds {
      line.append(UInt8(ascii: ":"))
      append(second % 60, to: &line)
      if style.fraction > 0 {
        line.append(UInt8(ascii: "."))
        line += "\(inSecond + rest % inSecond)".utf8.dropFirst()
      }
    }
    append(style.zone, to: &line)
  }

  /// Adds a zone.
  static func append(_ zone: TimeStyle.Zone, to line: inout [UInt8]) {
    switch zone {
    case .none: break
    case .zulu: line.append(UInt8(ascii: "Z"))
    case .ahead(let offset):
      line.append(UInt8(ascii: offset < 0 ? "-" : "+"))
      append(abs(offset) / 3600, to: &line)
      line.append(UInt8(ascii: ":"))
      append(abs(offset) / 60 % 60, to: &line)
    }
  }

  private static func append(day: Int, _ style: TimeStyle, to line: inout [UInt8]) {
    let parts = parts(ofDay: day)
    func put(_ number: Int) {
      if number < 10, !style.isPadded {
        line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number))
      } else {
        append(number, to: &line)
      }
    }
    func putMark() { if let mark = style.mark { line.append(mark) } }
    switch style.order {
    case .yearMonthDay:
      append(year: parts.year, to: &line)
      putMark()
      put(parts.month)
      putMark()
      put(parts.day)
    case .dayMonthYear, .monthDayYear:
      let isDayFirst = style.order == .dayMonthYear
      put(isDayFirst ? parts.day : parts.month)
      putMark()
      put(isDayFirst ? parts.month : parts.day)
      putMark()
      append(year: parts.year, to: &line)
    }
  }

  private static func append(year: Int, to line: inout [UInt8]) {
    if (0...9999).contains(year) {
      append(year / 100, to: &line)
      append(year % 100, to: &line)
    } else {
      line += "\(year)".utf8
    }
  }

  /// Adds a number below 100 in two digits.
  private static func append(_ number: Int, to line: inout [UInt8]) {
    line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10))
    line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
  }
}

/// Reads the parts of a date or time one after the other.
private struct TimeReader {
  private let text: UnsafeBufferPointer<UInt8>
  private var place = 0

  init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  var isAtEnd: Bool { place == text.count }

  private func digit(_ index: Int) -> Int? {
    guard index < text.count, text[index] >= UInt8(ascii: "0"), text[index] <= UInt8(ascii: "9")
    else { return nil }
    return Int(text[index] - UInt8(ascii: "0"))
  }

  /// A number of exactly so many digits; more may follow.
  mutating func number(digits: Int) -> Int? {
    var value = 0
    for index in place..<place + digits {
      guard let digit = digit(index) else { return nil }
      value = 10 * value + digit
    }
    place += digits
    return value
  }

  /// A number of two digits, or, where it isn't padded, of as many as it needs.
  mutating func number(padded: Bool) -> Int? {
    if padded { return number(digits: 2) }
    return digit(place) == 0 ? nil : number(digits: digit(place + 1) == nil ? 1 : 2)
  }

  /// One of the marks between the parts of a date.
  mutating func mark() -> UInt8? { one(of: "-/.") }

  /// One of some bytes.
  mutating func one(of choice: StaticString) -> UInt8? {
    guard place < text.count else { return nil }
    let byte = text[place]
    let isOne = choice.withUTF8Buffer { $0.contains(byte) }
    guard isOne else { return nil }
    place += 1
    return byte
  }

  /// Up to six digits behind a point.
  mutating func fraction() -> (digits: Int, value: Double)? {
    var (digits, value) = (0, 0)
    while digits < 6, let digit = digit(place) {
      value = 10 * value + digit
      digits += 1
      place += 1
    }
    guard digits > 0 else { return nil }
    return (digits, Double(value) / Double(TimeStyle.powerOfTen(digits)))
  }
}
