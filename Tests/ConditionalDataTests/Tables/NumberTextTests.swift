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
    "", "-", ".", "1,5", "1 ", "0x1p3", "inf", "nan", "1e", "e5", "1.2.3", "--1", "١", "1e999",
  ])
  func leavesTexts(text: String) { #expect(number(text) == nil) }

  /// Whatever Swift writes is read as it was, to the bit.
  @Test func agreesWithSwiftsParser() throws {
    var generator = SystemRandomNumberGenerator()
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
    #expect(time(text)?.second == nil)
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
    #expect(found.second != nil && found.seconds == seconds)
    #expect(time(NumberForm.seconds(since: "1970-01-01").text(Double(seconds))) == found)
  }

  @Test(arguments: [
    "2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026/01/01", "2026-01-01 24:00",
    "2026-01-01 10:60", "2026-01-01X10:00", "2026-01-01 1:00", "2026-01-01 10:00:00+01:00",
  ])
  func leavesOtherDates(text: String) { #expect(time(text) == nil) }
}
