import RecordTypes

/// The cells of a column while all of them are dates or times of one spelling.
struct TimeColumn {
  let style: TimeStyle
  /// Days or seconds since 1970, nil where missing.
  private var values: [Double?]
  /// How many cells have each zone.
  private var zones: [TimeStyle.Zone: Int]

  /// The columns that may begin with a cell, behind so many missing ones; none if it is no date or time.
  static func beginning(_ cell: UnsafeBufferPointer<UInt8>, after count: Int) -> [TimeColumn] {
    TimeText.readings(cell).map { time in
      TimeColumn(
        style: time.style, values: [Double?](repeating: nil, count: count) + [time.value],
        zones: [time.style.zone: 1])
    }
  }

  mutating func addMissing() { values.append(nil) }

  /// Adds a cell; false for one that is no time, or spelled otherwise but for its offset.
  mutating func add(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let time = TimeText(cell, in: style, inAnyZone: style.zone != .none) else { return false }
    values.append(time.value)
    zones[time.style.zone, default: 0] += 1
    return true
  }

  /// The offsets, where there are several: `"2 offsets, +01:00 in 10 cells and +02:00 in 12"`; nil where there is one.
  var severalOffsets: String? {
    guard zones.count > 1 else { return nil }
    let counts = zones.sorted { $0.key.offset < $1.key.offset }.map { zone, count in
      "\(zone.text) in \(NameList.count(count, "cell"))"
    }
    return "\(zones.count) offsets, \(NameList.text(counts))"
  }

  /// What to do about several offsets.
  static let oneOffset = "write all of them with one offset, or in universal time with a Z"

  /// Steps of times, in seconds, and of dates, in days: the largest one that all of a column are on is its grid.
  private static let steps = (
    seconds: [
      86_400, 43_200, 21_600, 14_400, 10_800, 7200, 3600, 1800, 1200, 900, 600, 300, 60, 30,
      15, 10, 5,
    ], days: [7]
  )

  /// The step of numbers that count from an origin.
  private func step(_ numbers: [Double]) -> Int {
    guard numbers.contains(where: { $0 != 0 }) else { return 1 }
    return (style.hasTime ? Self.steps.seconds : Self.steps.days).first { step in
      numbers.allSatisfy { $0.truncatingRemainder(dividingBy: Double(step)) == 0 }
    } ?? 1
  }

  /// The numbers of days or seconds since a time near the earliest, and that time.
  var numbers: (values: [Double?], form: NumberForm) {
    let origin = style.origin(before: values.compactMap(\.self).min() ?? 0)
    let text = TimeText.text(origin, style)
    let numbers = values.map { value in value.map { $0 - origin } }
    let step = step(numbers.compactMap(\.self))
    return (
      numbers,
      style.hasTime ? .seconds(since: text, every: step) : .days(since: text, every: step)
    )
  }
}
