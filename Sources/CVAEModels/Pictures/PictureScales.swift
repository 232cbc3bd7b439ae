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
  /// Details with latent numbers of their own, the coarsest first.
  let levels: [DetailLevel]

  /// The scales of a configuration for pictures of a size; what it leaves out is chosen.
  init(_ size: ImageSize, _ configuration: ConvolutionConfiguration) {
    self.size = size
    let coarsest = configuration.levels.map(\.extent).min() ?? .max
    let widths = configuration.widths ?? Self.defaultWidths(size, to: min(8, max(1, coarsest)))
    self.widths = widths
    blocks =
      configuration.blocks
      ?? widths.indices.map { scale in
        // Blocks on large pictures cost more than they give: on 28 × 28, training without them is 1.4
        // times as fast, and has come further after as many records.
        max(size.height, size.width) >> scale > 16 ? 0 : 1
      }
    let multiple = 1 << (widths.count - 1)
    levels = configuration.levels.compactMap { level in
      let shapes = widths.indices.map { scale in
        DetailLevel(
          scale: scale, height: Self.rounded(size.height, to: multiple) >> scale,
          width: Self.rounded(size.width, to: multiple) >> scale, channels: level.channels)
      }
      return shapes.first { $0.extent == level.extent }
    }
  }

  /// Halved until so many pixels or fewer are left along the longer side; 16 channels at first, twice as
  /// many at each further scale up to 64.
  private static func defaultWidths(_ size: ImageSize, to last: Int) -> [Int] {
    var extent = max(size.height, size.width)
    var widths = [16]
    while extent > last {
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

  /// Pixels along the longer side, at a scale.
  func extent(_ scale: Int) -> Int { max(height(scale), width(scale)) }

  /// Numbers in a picture at the coarsest scale.
  var coarsestCount: Int {
    let last = widths.count - 1
    return height(last) * width(last) * widths[last]
  }

  private static func rounded(_ extent: Int, to multiple: Int) -> Int {
    (extent + multiple - 1) / multiple * multiple
  }
}
