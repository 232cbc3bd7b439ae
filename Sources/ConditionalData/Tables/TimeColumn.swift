import RecordTypes

/// The cells of a column while all of them are dates or times of one spelling.
struct TimeColumn {
  let style: TimeStyle
  /// How many rows before the first time have none.
  private let missingBefore: Int
  /// Days or seconds since 1970 of the rows from there on, NaN where missing.
  private(set) var values = CellSpool<Double>()
  /// How many cells have each zone.
  private var zones: [TimeStyle.Zone: Int]

  /// The columns that may begin with a cell, behind so many missing ones; none if it is no date or time.
  static func beginning(_ cell: UnsafeBufferPointer<UInt8>, after count: Int) -> [TimeColumn] {
    TimeText.readings(cell).map { time in
      TimeColumn(time, after: count)
    }
  }

  private init(_ first: TimeText, after count: Int) {
    style = first.style
    missingBefore = count
    values.append(first.value)
    zones = [first.style.zone: 1]
  }

  mutating func addMissing() { values.append(.nan) }

  /// Moves the times into a file in a folder.
  mutating func spill(into folder: String) throws { try values.spill(into: folder) }

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

  /// The largest step that all times are multiples of, counted from an origin.
  private func step(from origin: Double) throws -> Int {
    var steps = style.hasTime ? Self.steps.seconds : Self.steps.days
    var differ = false
    try values.readAll { value in
      if value.isNaN { return }
      let number = value - origin
      differ = differ || number != 0
      steps.removeAll { number.truncatingRemainder(dividingBy: Double($0)) != 0 }
    }
    return differ ? steps.first ?? 1 : 1
  }

  /// The numbers of days or seconds since a time near the earliest, and that time.
  ///
  /// - Throws: `FileFailure`.
  func numbers() throws -> (values: CellValues, form: NumberForm) {
    var earliest = Double.infinity
    try values.readAll { if $0 < earliest { earliest = $0 } }
    let origin = style.origin(before: earliest.isFinite ? earliest : 0)
    let text = TimeText.text(origin, style)
    let step = try step(from: origin)
    return (
      CellValues(values, origin: origin, missingBefore: missingBefore),
      style.hasTime ? .seconds(since: text, every: step) : .days(since: text, every: step)
    )
  }
}
