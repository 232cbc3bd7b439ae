import RecordTypes
import Testing

@testable import ConditionalData

/// Axes of dates and times show dates and times.
@Suite struct TimeTicksTests {
  private func labels(
    _ form: NumberForm, _ low: Double, _ high: Double
  ) throws -> [String] {
    let ticks = try #require(form.timeTicks(in: low...high, atMost: 4))
    for tick in ticks { #expect((low...high).contains(tick.number)) }
    return ticks.map(\.label)
  }

  @Test func days() throws {
    let form = NumberForm.days(since: "2025-12-31")
    #expect(try labels(form, 1, 5) == ["2026-01-01", "2026-01-03", "2026-01-05"])
    #expect(try labels(form, 0.5, 201) == ["2026-01", "2026-03", "2026-05", "2026-07"])
    #expect(try labels(form, -700, 5000) == ["2025", "2030", "2035"])
    // The first of January is one day behind the last of December.
    #expect(try #require(form.timeTicks(in: 0.5...201, atMost: 4)).first?.number == 1)
    // However the column writes its dates.
    #expect(
      try labels(.days(since: "31/12/2025"), 0.5, 201)
        == ["2026-01", "2026-03", "2026-05", "2026-07"])
  }

  /// Times are those of the column's zone.
  @Test func seconds() throws {
    let form = NumberForm.seconds(since: "2026-03-31T00:00:00+02:00")
    #expect(try labels(form, 0, 10) == ["00:00:00", "00:00:05", "00:00:10"])
    #expect(try labels(form, 1, 3600) == ["00:15", "00:30", "00:45", "01:00"])
    #expect(
      try labels(form, 1, 86_400) == ["03-31 06:00", "03-31 12:00", "03-31 18:00", "04-01 00:00"])
    #expect(
      try labels(form, 1, 400_000) == ["2026-04-01", "2026-04-02", "2026-04-03", "2026-04-04"])
  }

  @Test func plainNumbersHaveNone() {
    #expect(NumberForm.decimals(0).timeTicks(in: 0...10, atMost: 4) == nil)
    #expect(NumberForm.days(since: "2025-12-31").timeTicks(in: 0...1e15, atMost: 4) == nil)
  }
}
