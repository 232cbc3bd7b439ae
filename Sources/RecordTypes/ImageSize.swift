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

  /// The numbers in an image: height × width × channels, in that order from outer to inner.
  public var count: Int { height * width * channels }
}
