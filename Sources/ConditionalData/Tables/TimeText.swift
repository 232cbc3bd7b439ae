/// A date, or a date and a time, as ISO 8601 writes them: `2026-03-31`, `2026-03-31 23:59`,
/// `2026-03-31T23:59:59`, the last also with a `Z`.
struct TimeText: Equatable {
  /// Days since 1970-01-01.
  let day: Int
  /// Seconds since midnight; nil for a date alone.
  let second: Int?

  /// Reads a text; nil if it is no such date.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    guard text.count >= 10, let year = Self.number(text, 0, 4), text[4] == UInt8(ascii: "-"),
      let month = Self.number(text, 5, 2), text[7] == UInt8(ascii: "-"),
      let dayOfMonth = Self.number(text, 8, 2), (1...12).contains(month),
      dayOfMonth >= 1, dayOfMonth <= Self.days(in: month, of: year)
    else { return nil }
    day = Self.days(year: year, month: month, day: dayOfMonth)
    guard text.count > 10 else {
      second = nil
      return
    }
    let hasZone = text[text.count - 1] == UInt8(ascii: "Z")
    let length = text.count - (hasZone ? 1 : 0)
    guard text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " "),
      length == 16 || length == 19, let hour = Self.number(text, 11, 2), hour < 24,
      text[13] == UInt8(ascii: ":"), let minute = Self.number(text, 14, 2), minute < 60
    else { return nil }
    var seconds = 0
    if length == 19 {
      guard text[16] == UInt8(ascii: ":"), let found = Self.number(text, 17, 2), found < 60
      else { return nil }
      seconds = found
    }
    second = 3600 * hour + 60 * minute + seconds
  }

  /// Seconds since 1970-01-01 00:00:00.
  var seconds: Int { 86_400 * day + (second ?? 0) }

  private static func number(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int
  ) -> Int? {
    guard start + count <= text.count else { return nil }
    var value = 0
    for byte in text[start..<start + count] {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      value = 10 * value + Int(byte - UInt8(ascii: "0"))
    }
    return value
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

  /// Adds the date that ``days(year:month:day:)`` turned into a number.
  static func append(day: Int, to line: inout [UInt8]) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let part = (5 * dayOfYear + 2) / 153
    let month = part + (part < 10 ? 3 : -9)
    let year = yearOfEra + 400 * era + (month <= 2 ? 1 : 0)
    if (0...9999).contains(year) {
      append(year / 100, to: &line)
      append(year % 100, to: &line)
    } else {
      line += "\(year)".utf8
    }
    line.append(UInt8(ascii: "-"))
    append(month, to: &line)
    line.append(UInt8(ascii: "-"))
    append(dayOfYear - (153 * part + 2) / 5 + 1, to: &line)
  }

  /// Adds a date and a time.
  static func append(seconds: Int, to line: inout [UInt8]) {
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let rest = seconds - 86_400 * day
    append(day: day, to: &line)
    line.append(UInt8(ascii: " "))
    append(rest / 3600, to: &line)
    line.append(UInt8(ascii: ":"))
    append(rest / 60 % 60, to: &line)
    line.append(UInt8(ascii: ":"))
    append(rest % 60, to: &line)
  }

  /// Adds a number below 100 in two digits.
  private static func append(_ number: Int, to line: inout [UInt8]) {
    line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10))
    line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10))
  }
}
