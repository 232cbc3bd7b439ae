public import RecordTypes

/// A picture of which some pixels may be unknown, such as the transparent ones of a file.
public struct PartialPicture: Hashable, Sendable {
  /// Rows, columns and channels.
  public let size: ImageSize
  /// The values of every pixel, `[height, width, channels]`; of an unknown one they mean nothing.
  public let bytes: [UInt8]
  /// Which pixels are known.
  public let mask: CellMask

  /// Joins values and what is known of them.
  public init(size: ImageSize, bytes: [UInt8], mask: CellMask) {
    precondition(bytes.count == size.count, "A picture has a byte for each channel of each pixel.")
    precondition(mask.grid == Self.grid(size), "A mask has an entry for each pixel.")
    self.size = size
    self.bytes = bytes
    self.mask = mask
  }

  /// The same picture under another mask.
  public func masked(by mask: CellMask) -> PartialPicture {
    PartialPicture(size: size, bytes: bytes, mask: mask)
  }

  /// A mask has an entry for each pixel, whatever its channels.
  package static func grid(_ size: ImageSize) -> CellGrid {
    CellGrid(height: size.height, width: size.width)
  }
}
