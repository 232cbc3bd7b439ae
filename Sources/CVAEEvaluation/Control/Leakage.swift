/// How well a level can be read off the latent space, by probes that learned on training records
/// and are scored on test records.
///
/// Style should reveal nothing of the condition, so accuracies near `chance` are good there. z itself
/// may reveal it, since under a learned prior the condition decides where z lies.
public struct Leakage: Hashable, Sendable, Encodable {
  /// What the probes reach on one space.
  public struct Probes: Hashable, Sendable, Encodable {
    /// Accuracy of a linear probe.
    public let linear: Estimate
    /// Accuracy of a probe with one hidden layer of 64 units.
    public let nonlinear: Estimate
  }

  /// The share of the largest class in the test records: what a guess reaches without looking.
  public let chance: Estimate
  /// On u = (z − mean) / σ under the prior, where z is a sample of q(z | x, y).
  public let style: Probes
  /// On z itself.
  public let latent: Probes

  /// The share of the most frequent of `levels`; there must be at least one.
  static func largestShare(_ levels: [Int32]) -> Estimate {
    var counts: [Int32: Int] = [:]
    for level in levels { counts[level, default: 0] += 1 }
    let largest = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    return ClassifierScores.share(levels.map { $0 == largest })
  }
}
