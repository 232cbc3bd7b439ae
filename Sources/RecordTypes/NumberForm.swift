/// How a field's numbers are written in a table; generated ones are written in the same way.
public enum NumberForm: Hashable, Sendable {
  /// With at most so many digits behind the point; 0 for integers.
  case decimals(Int)
  /// Days since a date, such as 2026-03-31.
  case days(since: String)
  /// Seconds since a time, such as 2026-03-31 23:59:59.
  case seconds(since: String)
}

/// As JSON, `{"decimals":2}`, `{"days":"2026-03-31"}` or `{"seconds":"2026-03-31 23:59:59"}`.
extension NumberForm: Codable {
  private enum CodingKeys: String, CodingKey { case decimals, days, seconds }

  /// Reads the JSON form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let digits = try container.decodeIfPresent(Int.self, forKey: .decimals) {
      guard (0...18).contains(digits) else {
        throw DecodingError.dataCorruptedError(
          forKey: .decimals, in: container, debugDescription: "Expected 0 to 18, got \(digits).")
      }
      self = .decimals(digits)
    } else if let first = try container.decodeIfPresent(String.self, forKey: .days) {
      self = .days(since: first)
    } else {
      self = .seconds(since: try container.decode(String.self, forKey: .seconds))
    }
  }

  /// Writes the JSON form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .decimals(let digits): try container.encode(digits, forKey: .decimals)
    case .days(let first): try container.encode(first, forKey: .days)
    case .seconds(let first): try container.encode(first, forKey: .seconds)
    }
  }
}
