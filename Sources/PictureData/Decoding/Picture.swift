public import RecordTypes

/// The picture in a PNG, JPEG or WebP file, as a data set of pictures holds it.
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
    try size.checkDrawable(path)
    return try DecodedPicture.open(path).scaled(to: size)
  }
}
