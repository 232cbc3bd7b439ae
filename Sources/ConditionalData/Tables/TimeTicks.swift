import Foundation
package import RecordTypes

/// A mark on an axis of dates and times.
package struct TimeTick: Hashable, Sendable {
  /// Where it stands, as the column counts.
  package let number: Double
  /// `2026`, `2026-03`, `2026-03-31`, `03-31 12:00` or `12:00:05`.
  package let label: String
}

extension NumberForm {
  /// The beginnings of years, months, days, hours or seconds in a range of numbers, `most` at most; nil for plain
  /// numbers, and where the range is too short or too long for a calendar.
  package func timeTicks(in range: ClosedRange<Double>, atMost most: Int) -> [TimeTick]? {
    guard let clock else { return nil }
    let offset = clock.origin.seconds + Double(clock.origin.style.offset)
    let (first, last) = (
      range.lowerBound * clock.unit + offset, range.upperBound * clock.unit + offset
    )
    guard first < last, abs(first) < 1e12, abs(last) < 1e12 else { return nil }
    for step in TimeStep.all
    where clock.unit <= step.seconds && (last - first) / step.seconds < Double(most) + 1 {
      let marks = step.marks(first, last)
      if marks.count <= most {
        return marks.map {
          TimeTick(number: ($0 - offset) / clock.unit, label: step.label($0))
        }
      }
    }
    return nil
  }
}

/// The distance of two marks.
private enum TimeStep {
  case seconds(Int)
  case days(Int)
  case months(Int)

  static let all: [TimeStep] =
    [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200].map { .seconds($0) }
    + [1, 2, 7, 14].map { .days($0) } + [1, 2, 3, 6].map { .months($0) }
    + [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map { .months(12 * $0) }

  /// Its length, of months on average.
  var seconds: Double {
    switch self {
    case .seconds(let count): Double(count)
    case .days(let count): Double(count) * 86_400
    case .months(let count): Double(count) * 365.2425 / 12 * 86_400
    }
  }

  /// The beginnings between two times, in seconds since 1970.
  func marks(_ first: Double, _ last: Double) -> [Double] {
    switch self {
    case .seconds, .days:
      let start = (first / seconds).rounded(.up)
      let end = (last / seconds).rounded(.down)
      return start <= end ? stride(from: start, through: end, by: 1).map { $0 * seconds } : []
    case .months(let count):
      let parts = TimeText.parts(ofDay: Int((first / 86_400).rounded(.down)))
      let month = 12 * parts.year + parts.month - 1
      let start = month - ((month % count) + count) % count
      return stride(from: start, to: start + count * 400, by: count).lazy.map { month in
        let year = month >= 0 ? month / 12 : (month - 11) / 12
        return 86_400 * Double(TimeText.days(year: year, month: month - 12 * year + 1, day: 1))
      }.filter { $0 >= first }.prefix { $0 <= last }.map { $0 }
    }
  }

  func label(_ seconds: Double) -> String {
    let day = Int((seconds / 86_400).rounded(.down))
    let (year, month, date) = TimeText.parts(ofDay: day)
    let second = Int(seconds - 86_400 * Double(day))
    switch self {
    case .months(let count):
      return count % 12 == 0 ? "\(year)" : String(format: "%d-%02d", year, month)
    case .days: return String(format: "%d-%02d-%02d", year, month, date)
    case .seconds(let step):
      let time = String(format: "%02d:%02d", second / 3600, second / 60 % 60)
      if step < 60 { return time + String(format: ":%02d", second % 60) }
      return step < 3600 ? time : String(format: "%02d-%02d ", month, date) + time
    }
  }
}
