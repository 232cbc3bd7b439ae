public import RecordTypes
import TensorFiles

/// One picture of a PNG, JPEG or WebP file, as a data set of pictures holds it.
public struct Picture {
  /// The pixels of the picture's middle, scaled so that it fills `size`.
  ///
  /// Shrinking averages, enlarging interpolates, and a picture of that size already is taken as it
  /// is. Transparent parts lie over white. One channel is the luma of Rec. 601.
  ///
  /// - Shapes: `[height, width, channels]`, 1 or 3 channels.
  /// - Throws: `FileFailure` where the file can't be read, `DataFileFailure` where it holds no
  ///   intact picture.
  public static func read(_ path: String, size: ImageSize) throws -> [UInt8] {
    guard size.channels == 1 || size.channels == 3 else {
      throw DataFileFailure(
        path: path, expected: "a field of 1 or 3 channels to read the picture into",
        actual: "\(size.channels) channels", advice: "give the records as an .npz file")
    }
    return try DecodedPicture.open(path).scaled(to: size)
  }
}
