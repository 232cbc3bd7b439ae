/// Whether a model draws what is requested, and how: accuracy, variety, likeness, copies, leaks.
///
/// Accuracies and shares are in 0…1. A classifier that has never seen the model judges pictures, and
/// its penultimate layer is the space in which they are compared.
public struct ControlReport: Hashable, Sendable, Encodable {
  /// The judge.
  public struct Classifier: Hashable, Sendable, Encodable {
    /// The share of real test pictures that it assigns to their level: even a model that draws exactly
    /// as the data are can't be expected to reach more.
    public let testAccuracy: Estimate
  }

  /// What was found for one level.
  public struct Level: Hashable, Sendable, Encodable {
    /// Its name.
    public let name: String
    /// Pictures that were generated.
    public let generated: Int
    /// The share of them that the classifier assigns to it.
    public let accuracy: Estimate
    /// The same of real test pictures; nil where there are none.
    @NullIfUnknown public var testAccuracy: Estimate?
    /// Mean pairwise distance of generated over that of real test pictures; nil where there are
    /// fewer than two.
    @NullIfUnknown public var diversity: Estimate?
  }

  /// The category that was judged.
  public let field: String
  /// The judge.
  public let classifier: Classifier
  /// The share of generated pictures that the classifier assigns to the requested level.
  public let accuracy: Estimate
  /// Level by level, those that training records have.
  public let perLevel: [Level]
  /// The mean of the levels' ratios of pairwise distances, generated over real; nil for none.
  @NullIfUnknown public var diversity: Estimate?
  /// Accuracy and diversity by the strength of control; nil for a model that can't be controlled.
  public let curve: ControlCurve?
  /// Between generated and real test pictures.
  public let frechetDistance: Estimate
  /// The same between two disjoint sets of real test pictures of the same sizes: what pictures as good
  /// as real ones reach.
  public let frechetDistanceOfReal: Estimate
  /// Distances to the nearest training picture; nil for data that the model was not trained on.
  @NullIfUnknown public var memorisation: Memorisation?
  /// How well the level can be read off the latent space.
  public let leakage: Leakage
  /// How well the model itself classifies.
  public let classification: ModelClassification
}
