/// How a column's numbers are spelled where that isn't with a fixed number of digits behind a point: `3.5` and `3`,
/// `1,234.50`, `€ 12,50` or `12.5%`.
public struct NumberSpelling: Hashable, Sendable {
  /// What becomes of zeros at the end of the digits behind the point.
  public enum Zeros: String, Codable, Sendable {
    /// All stay: 3.50, 3.00.
    case kept
    /// All go: 3.5, 3.
    case dropped
    /// All go but the first behind the point: 3.5, 3.0.
    case oneKept
  }

  /// At most so many digits behind the point.
  public var decimals: Int
  /// What becomes of zeros at the end.
  public var zeros: Zeros
  /// What stands before the digits behind it, a point or a comma.
  public var point: String
  /// What stands between three digits and the next three; empty for nothing.
  public var group: String
  /// What stands before the digits, behind a sign; a currency, for example.
  public var prefix: String
  /// What stands behind the digits.
  public var suffix: String

  /// A spelling; that of plain numbers unless the parameters say otherwise.
  public init(
    decimals: Int, zeros: Zeros = .kept, point: String = ".", group: String = "",
    prefix: String = "", suffix: String = ""
  ) {
    self.decimals = decimals
    self.zeros = zeros
    self.point = point
    self.group = group
    self.prefix = prefix
    self.suffix = suffix
  }

  /// The spelling whose thousands are separated by what separates decimals in this one; nil unless that is a comma and
  /// the only mark.
  package var withThousands: NumberSpelling? {
    guard point == ",", group.isEmpty else { return nil }
    return NumberSpelling(decimals: 0, point: ".", group: ",", prefix: prefix, suffix: suffix)
  }

  /// Whether some texts are so few beside others of another spelling that they are errors: one, or up to 1 %.
  package static func areFew(_ odd: Int, beside others: Int) -> Bool {
    odd <= max(1, others / 100) && odd * 10 <= others
  }

  /// Whether numbers have nothing but digits, a sign and a point.
  public var isPlain: Bool {
    point == "." && group.isEmpty && prefix.isEmpty && suffix.isEmpty
  }
}

/// As JSON, `{"decimals":2,"zeros":"kept","point":".","group":",","prefix":"","suffix":""}`.
extension NumberSpelling: Codable {
  private enum CodingKeys: String, CodingKey {
    case decimals, zeros, point, group, prefix, suffix
  }

  /// Reads the JSON form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    decimals = try container.decode(Int.self, forKey: .decimals)
    zeros = try container.decode(Zeros.self, forKey: .zeros)
    point = try container.decode(String.self, forKey: .point)
    group = try container.decode(String.self, forKey: .group)
    prefix = try container.decode(String.self, forKey: .prefix)
    suffix = try container.decode(String.self, forKey: .suffix)
    guard NumberForm.mostDecimals.contains(decimals) else {
      throw DecodingError.dataCorruptedError(
        forKey: .decimals, in: container, debugDescription: "Expected 0 to 18, got \(decimals).")
    }
    for (key, mark) in [
      (CodingKeys.point, point), (.group, group), (.prefix, prefix), (.suffix, suffix),
    ] where !Self.isMark(mark) || key == .point && mark.isEmpty {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container,
        debugDescription: "Expected a mark without digits, signs and line breaks, got '\(mark)'.")
    }
  }

  private static func isMark(_ text: String) -> Bool {
    text.utf8.count <= 16
      && !text.unicodeScalars.contains { scalar in
        ("0"..."9").contains(scalar) || scalar == "-" || scalar == "+" || scalar.value < 0x20
      }
  }
}
