/// The extent of an image.
public struct ImageSize: Codable, Hashable, Sendable {
  /// Rows of pixels.
  public let height: Int
  /// Pixels in a row.
  public let width: Int
  /// Numbers for each pixel: 1 for grey, 3 for colour.
  public let channels: Int

  /// An extent, which a ``RecordSchema`` checks.
  public init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// The pixels of an image: height × width.
  public var pixels: Int { height * width }

  /// The longest side and the most channels that a file may state for an image.
  static let largestExtent = 1_000_000
  /// The most numbers that a file may state for an image.
  static let largestCount = 100_000_000

  /// Reads the JSON form; refuses extents below 1, and images that are too large.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func extent(_ key: CodingKeys) throws -> Int {
      let extent = try container.decode(Int.self, forKey: key)
      guard (1...Self.largestExtent).contains(extent) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "Expected 1 to \(Self.largestExtent), got \(extent).")
      }
      return extent
    }
    height = try extent(.height)
    width = try extent(.width)
    channels = try extent(.channels)
    guard count <= Self.largestCount else {
      throw DecodingError.dataCorruptedError(
        forKey: .height, in: container,
        debugDescription:
          "Expected at most \(Self.largestCount) numbers in an image, got \(count).")
    }
  }

  /// The numbers in an image: height × width × channels, in that order from outer to inner.
  public var count: Int { height * width * channels }
}
