public import RecordTypes
import TensorFiles

/// A picture of which some pixels may be unknown: those of a file that are transparent.
public struct PartialPicture: Hashable, Sendable {
  /// Rows, columns and channels.
  public let size: ImageSize
  /// The values of every pixel, `[height, width, channels]`; of an unknown one they mean nothing.
  public let bytes: [UInt8]
  /// A bit for each pixel: whether it is known.
  public let known: Bitmap

  /// Joins values and what is known of them: a byte for each channel of each pixel, and a bit for each pixel.
  public init(size: ImageSize, bytes: [UInt8], known: Bitmap) {
    self.size = size
    self.bytes = bytes
    self.known = known
  }

  /// Whether some pixel is unknown.
  public var hasUnknown: Bool { !known.isFull }

  /// Reads a PNG, JPEG or WebP file; a pixel that is less than half opaque is unknown.
  ///
  /// Grey values of a coloured pixel are its luma, by Rec. 601.
  ///
  /// - Parameter size: What the picture must measure, and its channels.
  /// - Throws: `FileFailure`, and `DataFileFailure` for a file that is no picture or of another size.
  public static func read(_ path: String, size: ImageSize) throws -> PartialPicture {
    let picture = try PictureOfSize.read(path, height: size.height, width: size.width)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size.count)
    var isKnown: [Bool] = []
    for y in 0..<size.height {
      for x in 0..<size.width {
        let color = picture.color(row: y, column: x)
        isKnown.append(color.opacity >= 0.5)
        bytes += size.channels == 1 ? [color.luma] : [color.red, color.green, color.blue]
      }
    }
    return PartialPicture(size: size, bytes: bytes, known: Bitmap(isKnown))
  }

  /// The same picture under another mask.
  public func masked(by known: Bitmap) -> PartialPicture {
    PartialPicture(size: size, bytes: bytes, known: known)
  }
}

extension RecordColumn {
  /// Pictures of one size, of which some pixels are known.
  public init(_ pictures: [PartialPicture], size: ImageSize) {
    self.init(
      .bytes(ByteStorage(pictures.flatMap(\.bytes))), width: size.count, cells: size.pixels,
      validity: Bitmap(
        pictures.flatMap { picture in (0..<size.pixels).map { picture.known[$0] } }))
  }
}

/// A mask that was drawn: white is known, black is to fill.
public enum MaskPicture {
  /// Reads a picture file; a pixel is known where it is lighter than half.
  ///
  /// - Throws: `FileFailure`, and `DataFileFailure` for a file that is no picture or of another size.
  public static func read(_ path: String, grid: CellGrid) throws -> Bitmap {
    let picture = try PictureOfSize.read(path, height: grid.height, width: grid.width)
    let isKnown = (0..<grid.count).map { index in
      picture.color(row: index / grid.width, column: index % grid.width).luma >= 128
    }
    return Bitmap(isKnown)
  }
}

/// A picture file whose extents are known beforehand.
private enum PictureOfSize {
  static func read(_ path: String, height: Int, width: Int) throws -> DecodedPicture {
    let picture = try DecodedPicture.open(path)
    guard picture.height == height, picture.width == width else {
      throw DataFileFailure(
        path: path, expected: "\(width) × \(height) pixels, as the model has",
        actual: "\(picture.width) × \(picture.height)", advice: "scale the picture to that size")
    }
    return picture
  }
}

extension Canvas.Color {
  /// Brightness by Rec. 601; a grey stays as it is.
  var luma: UInt8 {
    if red == green && green == blue { return red }
    let parts: [Double] = [0.299 * Double(red), 0.587 * Double(green), 0.114 * Double(blue)]
    return UInt8(parts.reduce(0, +).rounded())
  }
}
