/// How a field's numbers are written in a table; generated ones are written in the same way.
public enum NumberForm: Hashable, Sendable {
  /// With so many digits behind the point; 0 for integers.
  case decimals(Int)
  /// In another way.
  case spelled(NumberSpelling)
  /// Days since a date, such as 2026-03-31; all are spelled like it, and are a multiple of `every` days away.
  case days(since: String, every: Int = 1)
  /// Seconds since a time, such as 2026-03-31 23:59:59; all are spelled like it, and are a multiple of `every` seconds
  /// away, or, where that is 1, of fractions of one.
  case seconds(since: String, every: Int = 1)

  /// The digits behind the point that a number has at most; nil for dates and times.
  public var decimals: Int? {
    switch self {
    case .decimals(let digits): digits
    case .spelled(let spelling): spelling.decimals
    case .days, .seconds: nil
    }
  }

  static let mostDecimals = 0...18
  /// The seconds of a day.
  private static let largestStep = 86_400
}

/// As JSON, `{"decimals":2}`, `{"spelled":{…}}`, `{"days":"2026-03-31"}` or
/// `{"seconds":"2026-03-31 23:59:59"}`, the last two with `"every":60` where steps are larger than 1.
extension NumberForm: Codable {
  private enum CodingKeys: String, CodingKey { case decimals, spelled, days, seconds, every }

  /// Reads the JSON form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let digits = try container.decodeIfPresent(Int.self, forKey: .decimals) {
      guard Self.mostDecimals.contains(digits) else {
        throw DecodingError.dataCorruptedError(
          forKey: .decimals, in: container, debugDescription: "Expected 0 to 18, got \(digits).")
      }
      self = .decimals(digits)
    } else if let spelling = try container.decodeIfPresent(
      NumberSpelling.self, forKey: .spelled)
    {
      self = .spelled(spelling)
    } else {
      let step = try container.decodeIfPresent(Int.self, forKey: .every) ?? 1
      guard (1...Self.largestStep).contains(step) else {
        throw DecodingError.dataCorruptedError(
          forKey: .every, in: container,
          debugDescription: "Expected 1 to \(Self.largestStep), got \(step).")
      }
      if let first = try container.decodeIfPresent(String.self, forKey: .days) {
        self = .days(since: first, every: step)
      } else {
        self = .seconds(
          since: try container.decode(String.self, forKey: .seconds), every: step)
      }
    }
  }

  /// Writes the JSON form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .decimals(let digits): try container.encode(digits, forKey: .decimals)
    case .spelled(let spelling): try container.encode(spelling, forKey: .spelled)
    case .days(let first, let step):
      try container.encode(first, forKey: .days)
      if step > 1 { try container.encode(step, forKey: .every) }
    case .seconds(let first, let step):
      try container.encode(first, forKey: .seconds)
      if step > 1 { try container.encode(step, forKey: .every) }
    }
  }
}
