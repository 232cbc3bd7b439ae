import RecordTypes

/// The sizes that pictures have in their files, and the one that they are scaled to.
struct PictureSizes: Codable, Equatable {
  /// The extent of a picture in its file, turned upright.
  struct Extent: Codable, Hashable, Comparable {
    let height: Int
    let width: Int

    init(_ header: PictureHeader) { (height, width) = (header.height, header.width) }

    private init(side: Int) { (height, width) = (side, side) }

    /// That of pictures whose own is none or unusual.
    static let usual = Extent(side: 64)

    /// Whether pictures that all have it keep it.
    var isUsual: Bool { (16...128).contains(height) && (16...128).contains(width) }

    /// By the number of pixels.
    static func < (first: Extent, second: Extent) -> Bool {
      (first.height * first.width, first.height) < (second.height * second.width, second.height)
    }
  }

  let scaled: ImageSize
  let smallest: Extent
  let largest: Extent
  /// The number of different extents.
  let count: Int

  /// `"of 28 × 28 pixels, grey"`, or `"of 12 sizes, 20 × 30 to 480 × 640 pixels (height × width), scaled to
  /// 64 × 64, in colour"`.
  var words: String {
    let own =
      smallest == largest
      ? "of \(Self.words(smallest.height, smallest.width)) pixels"
      : "of \(count) sizes, \(Self.words(smallest.height, smallest.width)) to "
        + "\(Self.words(largest.height, largest.width)) pixels"
    let sides = [smallest, largest].allSatisfy { $0.height == $0.width } ? "" : " (height × width)"
    let isKept =
      smallest == largest && (smallest.height, smallest.width) == (scaled.height, scaled.width)
    let change = isKept ? "" : ", scaled to \(Self.words(scaled.height, scaled.width))"
    return own + sides + change + (scaled.channels == 1 ? ", grey" : ", in colour")
  }

  private static func words(_ height: Int, _ width: Int) -> String { "\(height) × \(width)" }
}
