import RecordTypes

/// The cells of a column while all of them are dates or times of one spelling.
struct TimeColumn {
  let style: TimeStyle
  /// Days or seconds since 1970, nil where missing.
  private var values: [Double?]

  /// The columns that may begin with a cell, behind so many missing ones; none if it is no date or time.
  static func beginning(_ cell: UnsafeBufferPointer<UInt8>, after count: Int) -> [TimeColumn] {
    TimeText.readings(cell).map { time in
      TimeColumn(
        style: time.style, values: [Double?](repeating: nil, count: count) + [time.value])
    }
  }

  mutating func addMissing() { values.append(nil) }

  /// Adds a cell; false for one that is no time, or spelled otherwise.
  mutating func add(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let time = TimeText(cell, in: style) else { return false }
    values.append(time.value)
    return true
  }

  /// The numbers of days or seconds since a time near the earliest, and that time.
  var numbers: (values: [Double?], form: NumberForm) {
    let origin = style.origin(before: values.compactMap(\.self).min() ?? 0)
    let text = TimeText.text(origin, style)
    return (
      values.map { value in value.map { $0 - origin } },
      style.hasTime ? .seconds(since: text) : .days(since: text)
    )
  }
}
