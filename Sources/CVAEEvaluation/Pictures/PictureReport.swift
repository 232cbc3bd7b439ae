/// How good the pictures are that a model draws: again, anew, and under another condition.
public struct PictureReport: Hashable, Sendable, Encodable {
  /// How sharp pictures are, and whether they show a grid.
  public struct Texture: Hashable, Sendable, Encodable {
    /// Root mean square of the differences between neighbours, over that of the real pictures: 1 is as sharp.
    public let sharpness: Double
    /// The mean difference between a column and the next, by the column's number modulo 2, 4, 8 and 16, over that of all columns:
    /// the least and the largest. 1 throughout is no grid.
    public let grid: [Period]
  }

  /// Differences by column modulo one number.
  public struct Period: Hashable, Sendable, Encodable {
    /// The number.
    public let modulus: Int
    /// The least of the columns' shares.
    public let least: Double
    /// The largest.
    public let largest: Double
  }

  /// Pictures that were carried over to another level of a category, with some levels of their style.
  public struct Transfer: Hashable, Sendable, Encodable {
    /// How many levels were carried over, z being one of them; the others are at their mean.
    public let levels: Int
    /// The last of them: `z`, or the pixels along the longer side of a level of details.
    public let last: String
    /// The share in which the classifier sees the new level.
    public let asRequested: Estimate
    /// Between an input and what is drawn of it under its own condition, of 255.
    public let ownError: Double
    /// Between an input and what is drawn of it after a way there and back, of 255.
    public let returnError: Double
  }

  /// The image.
  public let field: String
  /// Real pictures that it was judged by.
  public let records: Int
  /// Root mean square of the differences between pictures and their reconstructions, of 255.
  public let reconstructionError: Double
  /// Of the reconstructions.
  public let reconstructions: Texture
  /// Of new pictures under the conditions of the real ones.
  public let generated: Texture
  /// Of the real ones: what is natural.
  public let real: Texture
  /// How well a small network tells new pictures from real ones: the area under its curve on pictures that it hasn't seen, 0.5
  /// for not at all. Pixels at their expected values, as `generate` writes them.
  public let detectionAUC: Estimate
  /// The same where each pixel is drawn; nil where the likelihood of pictures is no density.
  @NullIfUnknown public var detectionAUCOfDrawnPixels: Estimate?
  /// By the category `transferField`; nil without one.
  public var transferField: String?
  /// The share of the real pictures in which the classifier sees their own level: what can be expected of others.
  public var transferClassifier: Estimate?
  /// With one level, two, …, all of them.
  public var transfer: [Transfer]?

  private enum CodingKeys: String, CodingKey {
    case field, records, reconstructionError, reconstructions, generated, real, detectionAUC
    case detectionAUCOfDrawnPixels, transferField, transferClassifier, transfer
  }
}
