import RecordTypes

/// The sizes that a convolutional network works at: from the picture's own, padded where it can't be
/// halved often enough, down to the coarsest, each half the one before.
struct PictureScales: Hashable, Sendable {
  /// The pictures.
  let size: ImageSize
  /// Channels at each scale, the finest first.
  let widths: [Int]
  /// Residual blocks at each scale.
  let blocks: [Int]

  /// The scales of a configuration for pictures of a size; what it leaves out is chosen.
  init(_ size: ImageSize, _ configuration: ConvolutionConfiguration) {
    self.size = size
    let widths = configuration.widths ?? Self.defaultWidths(size)
    self.widths = widths
    blocks =
      configuration.blocks
      ?? widths.indices.map { scale in
        // Blocks on large pictures cost more than they give: on 28 × 28, training without them is 1.4
        // times as fast, and has come further after as many records.
        max(size.height, size.width) >> scale > 16 ? 0 : 1
      }
  }

  /// Halved until 8 pixels or fewer are left along the longer side; 16 channels at first, twice as
  /// many at each further scale up to 64.
  private static func defaultWidths(_ size: ImageSize) -> [Int] {
    var extent = max(size.height, size.width)
    var widths = [16]
    while extent > 8 {
      extent = (extent + 1) / 2
      widths.append(min(64, 2 * (widths.last ?? 16)))
    }
    return widths
  }

  /// The number that extents are rounded up to a multiple of.
  var multiple: Int { 1 << (widths.count - 1) }

  /// Height after padding, at a scale.
  func height(_ scale: Int) -> Int { Self.rounded(size.height, to: multiple) >> scale }

  /// Width after padding, at a scale.
  func width(_ scale: Int) -> Int { Self.rounded(size.width, to: multiple) >> scale }

  /// Numbers in a picture at the coarsest scale.
  var coarsestCount: Int {
    let last = widths.count - 1
    return height(last) * width(last) * widths[last]
  }

  private static func rounded(_ extent: Int, to multiple: Int) -> Int {
    (extent + multiple - 1) / multiple * multiple
  }
}
