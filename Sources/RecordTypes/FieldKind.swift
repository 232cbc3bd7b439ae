/// What the values of a field are.
public enum FieldKind: Hashable, Sendable {
  /// One of a few named levels, which records hold as an index.
  case category(levels: [String])
  /// One real number.
  case number
  /// A fixed count of real numbers.
  case vector(count: Int)
  /// Grey values or colours in [0, 1].
  case image(ImageSize)

  /// In words: `"a category of 10 levels"`.
  public var summary: String {
    switch self {
    case .category(let levels): "a category of \(levels.count) level\(levels.count == 1 ? "" : "s")"
    case .number: "a number"
    case .vector(let count): "a vector of \(count) numbers"
    case .image(let size): "an image of \(size.height) × \(size.width) × \(size.channels)"
    }
  }
}

/// As JSON, `{"kind":"category","levels":["boot","coat"]}`, `{"kind":"number"}`,
/// `{"count":3,"kind":"vector"}` or `{"channels":1,"height":28,"kind":"image","width":28}`.
extension FieldKind: Codable {
  private enum Kind: String, Codable {
    case category, number, vector, image
  }

  private enum CodingKeys: String, CodingKey {
    case kind, levels, count, height, width, channels
  }

  /// Reads the JSON form; refuses extents below 1, and levels that are none or repeated.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .category:
      let levels = try container.decode([String].self, forKey: .levels)
      guard !levels.isEmpty, Set(levels).count == levels.count else {
        throw DecodingError.dataCorruptedError(
          forKey: .levels, in: container,
          debugDescription: "A category needs at least one level, and each level once.")
      }
      self = .category(levels: levels)
    case .number: self = .number
    case .vector:
      let count = try container.decode(Int.self, forKey: .count)
      guard (1...ImageSize.largestExtent).contains(count) else {
        throw DecodingError.dataCorruptedError(
          forKey: .count, in: container,
          debugDescription: "Expected 1 to \(ImageSize.largestExtent), got \(count).")
      }
      self = .vector(count: count)
    case .image:
      self = .image(try ImageSize(from: decoder))
    }
  }

  /// Writes the JSON form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .category(let levels):
      try container.encode(Kind.category, forKey: .kind)
      try container.encode(levels, forKey: .levels)
    case .number: try container.encode(Kind.number, forKey: .kind)
    case .vector(let count):
      try container.encode(Kind.vector, forKey: .kind)
      try container.encode(count, forKey: .count)
    case .image(let size):
      try container.encode(Kind.image, forKey: .kind)
      try container.encode(size.height, forKey: .height)
      try container.encode(size.width, forKey: .width)
      try container.encode(size.channels, forKey: .channels)
    }
  }
}
