public import RecordTypes

/// A picture some of whose pixels may be unknown, such as the transparent ones of a file.
public struct PartialPicture: Hashable, Sendable {
  /// Rows, columns and channels.
  public let size: ImageSize
  /// The values of every pixel, `[height, width, channels]`; those of an unknown one mean nothing.
  public let bytes: [UInt8]
  /// A bit for each pixel: whether it is known.
  public let known: Bitmap

  /// Joins values and which of them are known: a byte for each channel of each pixel, and a bit for each pixel.
  public init(size: ImageSize, bytes: [UInt8], known: Bitmap) {
    self.size = size
    self.bytes = bytes
    self.known = known
  }

  /// Whether some pixel is unknown.
  public var hasUnknown: Bool { !known.isFull }

  /// The same picture under another mask.
  public func masked(by known: Bitmap) -> PartialPicture {
    PartialPicture(size: size, bytes: bytes, known: known)
  }
}

extension RecordColumn {
  /// Pictures of one size, some of whose pixels are known.
  public init(_ pictures: [PartialPicture], size: ImageSize) {
    self.init(
      .bytes(ByteStorage(pictures.flatMap(\.bytes))), width: size.count, cells: size.pixels,
      validity: Bitmap(
        pictures.flatMap { picture in (0..<size.pixels).map { picture.known[$0] } }))
  }
}
