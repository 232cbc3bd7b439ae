import Foundation
import RecordTypes
import Testing

@testable import ConditionalData

/// What of a cell is a number, and what a date.
@Suite struct NumberTextTests {
  private func number(_ text: String) -> NumberText? {
    Array(text.utf8).withUnsafeBufferPointer { NumberText($0) }
  }

  private func time(_ text: String) -> TimeText? {
    Array(text.utf8).withUnsafeBufferPointer { TimeText($0) }
  }

  @Test(arguments: [
    ("0", 0.0, 0), ("-17", -17, 0), ("+3.50", 3.5, 2), (".5", 0.5, 1), ("5.", 5, 0),
    ("0.1", 0.1, 1), ("123456.789", 123_456.789, 3), ("9007199254740991", 9_007_199_254_740_991, 0),
    ("0.30000000000000004", 0.30000000000000004, 9), ("1e3", 1000, 0), ("-2.5E-3", -0.0025, 9),
    ("18446744073709551616", 18_446_744_073_709_551_616, 0),
  ])
  func readsNumbers(text: String, value: Double, decimals: Int) throws {
    let found = try #require(number(text))
    #expect(found.value == value)
    #expect(found.decimals == decimals)
  }

  @Test(arguments: [
    "", "-", ".", "1,5", "1 0", "0x1p3", "inf", "nan", "1e", "e5", "1.2.3", "--1", "١", "1e999",
  ])
  func leavesTexts(text: String) { #expect(number(text) == nil) }

  /// Whatever Swift writes is read as it was, to the bit.
  @Test func agreesWithSwiftsParser() throws {
    var generator = QuantileMapTests.SplitMix(state: 17)
    for _ in 0..<2000 {
      let places = Int.random(in: 0...6, using: &generator)
      let text = String(
        format: "%.\(places)f", Double.random(in: -1e6...1e6, using: &generator))
      #expect(number(text)?.value == Double(text), "\(text)")
    }
  }

  @Test(arguments: [
    ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-03-31", 20_543),
    ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
  ])
  func readsDates(text: String, day: Int) throws {
    #expect(try #require(time(text)).day == day)
    #expect(time(text)?.style.hasTime == false)
    #expect(NumberForm.days(since: "1970-01-01").text(Double(day)) == text)
  }

  @Test func everyDayComesBack() {
    for day in stride(from: -800_000, to: 800_000, by: 37) where day >= -719_162 {
      #expect(time(NumberForm.days(since: "1970-01-01").text(Double(day)))?.day == day, "\(day)")
    }
  }

  @Test(arguments: [
    ("1970-01-02 00:00", 86_400), ("1970-01-01T00:01:05", 65), ("1970-01-01T23:59:59Z", 86_399),
    ("1969-12-31 23:59:59", -1),
  ])
  func readsTimes(text: String, seconds: Int) throws {
    let found = try #require(time(text))
    #expect(found.style.hasTime && found.seconds == Double(seconds))
    #expect(TimeText.text(Double(seconds), found.style) == text)
  }

  /// Each spelling comes back, whatever the moment.
  @Test(arguments: [
    "2026-03-31T23:59:59+02:00", "2026-03-31 23:59-05:30", "20260331", "2026-03-31 08:00:00.250",
    "2026-03-31T08:00:00.000001Z", "31/03/2026", "3/31/2026", "31.3.2026 08:00", "2026/03/31",
    "2026-3-31 10:11:12",
  ])
  func everySpellingComesBack(text: String) throws {
    let style = try #require(time(text)).style
    var generator = QuantileMapTests.SplitMix(state: 3)
    for _ in 0..<500 {
      let (inSecond, seconds) = style.units
      let second = Double(Int.random(in: -3_000_000_000...4_000_000_000, using: &generator))
      let value =
        style.hasTime
        ? (second / Double(seconds)).rounded() * Double(seconds)
          + Double(Int.random(in: 0..<inSecond, using: &generator)) / Double(inSecond)
        : (second / 86_400).rounded()
      // Compact dates are read from 1900 on.
      guard style.mark != nil || value > 0 else { continue }
      let written = TimeText.text(value, style)
      let read = try #require(
        Array(written.utf8).withUnsafeBufferPointer { TimeText($0, in: style) }, "\(written)")
      #expect(abs(read.value - value) < 4e-7, "\(written)")
      #expect(TimeText.text(read.value, style) == written)
      let origin = style.origin(before: value)
      #expect(origin <= value)
      #expect(time(TimeText.text(origin, style))?.style == style, "\(written)")
    }
  }

  @Test(arguments: [
    "2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026/01-01", "2026-01-01 24:00",
    "2026-01-01 10:60", "2026-01-01X10:00", "2026-01-01 1:00", "2026-01-01 10:00:00+0100",
    "2026-01-01 10:00:00.", "2026-01-01+01:00", "20261301", "12345678", "32/01/2026", "01/01/26",
    "2026-01-01 10:00:00-00:00",
  ])
  func leavesOtherDates(text: String) { #expect(time(text) == nil) }
}
