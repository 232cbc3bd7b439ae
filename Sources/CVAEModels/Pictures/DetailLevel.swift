import TensorGraph

/// Details of pictures that have latent numbers of their own: some at each pixel of one scale.
///
/// Under the prior they are N(0, I) whatever the condition and the coarser levels, so they are the style u of that level.
public struct DetailLevel: Hashable, Sendable {
  /// How often the pictures were halved.
  let scale: Int
  /// Rows of pixels.
  public let height: Int
  /// Pixels in a row.
  public let width: Int
  /// Latent numbers at each pixel.
  public let channels: Int

  /// Pixels along the longer side, by which users name the level.
  public var extent: Int { max(height, width) }
  /// Latent numbers of a record, row-major `[height, width, channels]`.
  public var count: Int { height * width * channels }

  /// The random numbers by which q is sampled.
  var posteriorPurpose: RandomPurpose { RandomPurpose("details \(extent)") }
  /// Those by which the level is drawn.
  var stylePurpose: RandomPurpose { RandomPurpose("style of details \(extent)") }
}
