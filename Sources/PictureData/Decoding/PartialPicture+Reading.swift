public import ConditionalData
public import RecordTypes
import TensorFiles

extension PartialPicture {
  /// Reads a PNG, JPEG or WebP file; a pixel that is less than half opaque is unknown.
  ///
  /// Grey values of a coloured pixel are its luma, by Rec. 601.
  ///
  /// - Parameter size: What the picture must measure, and its channels.
  /// - Throws: `FileFailure`, and `DataFileFailure` for a file that is no picture or of another size, and
  ///   for other than 1 or 3 channels.
  public static func read(_ path: String, size: ImageSize) throws -> PartialPicture {
    try size.checkDrawable(path)
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
}

/// A mask drawn as a picture: white is known, black is to fill.
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
