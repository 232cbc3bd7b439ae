import TensorGraph

/// Whether generated pictures are copies of training pictures: how far each lies from its nearest
/// one, compared with real pictures that the model has never seen.
///
/// Distances are Euclidean over pixels in [0, 1]. Expected pixel values are smoother than pictures,
/// and what is smooth lies nearer to everything; so a smaller mean alone is no sign of copies, but
/// distances near 0 are.
public struct Memorisation: Hashable, Sendable, Encodable {
  /// The mean distance of generated pictures.
  public let generated: Estimate
  /// The mean distance of real test pictures.
  public let test: Estimate
  /// The distance below which 1 % of real test pictures lie.
  public let nearDistance: Double
  /// The share of generated pictures that lie nearer than that.
  public let nearShare: Estimate

  /// Compares distances to the nearest training picture; at least one of either.
  init(generated: [Double], test: [Double]) {
    precondition(!generated.isEmpty && !test.isEmpty, "Distances of both kinds are needed.")
    let limit = Self.percentile(1, of: test)
    self.generated = Moments(generated).estimate
    self.test = Moments(test).estimate
    nearDistance = limit
    nearShare = ClassifierScores.share(generated.map { $0 < limit })
  }

  /// The number below which `percent` of all lie, between two neighbours by a straight line.
  static func percentile(_ percent: Double, of numbers: [Double]) -> Double {
    let sorted = numbers.sorted()
    let place = percent / 100 * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }
}
