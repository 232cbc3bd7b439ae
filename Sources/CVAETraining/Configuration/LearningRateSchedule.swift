import Foundation
import RecordTypes

/// How the learning rate changes over a run, as a share of `optimizer.learningRate`.
///
/// With *w* warm-up steps, *T* steps in all and *f* the final share, step *s* (from 0) has
///
/// - `(s + 1) / w` where s < w, for either kind;
/// - after that `1` if the kind is `constant`;
/// - or `f + (1 − f) · ½ (1 + cos(π (s − w) / (T − w)))` if it is `cosine`.
///
/// - Source: Loshchilov and Hutter, *SGDR: Stochastic Gradient Descent with Warm Restarts*, 2017,
///   equation 5, without restarts.
public struct LearningRateSchedule: Codable, Hashable, Sendable {
  /// The shape of the curve after the warm-up.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case constant, cosine
  }

  /// The shape of the curve after the warm-up.
  public var kind = Kind.constant
  /// Steps over which the rate rises in a straight line.
  public var warmupSteps = 0
  /// The share that a cosine ends near; a constant schedule has none.
  public var finalShare = 0.0

  /// A schedule of either kind; the full rate throughout if everything is left out.
  public init(kind: Kind = .constant, warmupSteps: Int = 0, finalShare: Double = 0) {
    self.kind = kind
    self.warmupSteps = warmupSteps
    self.finalShare = finalShare
  }

  /// The share of the learning rate at `step`, counted from 0, of `steps` in all.
  public func share(step: Int, of steps: Int) -> Double {
    if step < warmupSteps { return Double(step + 1) / Double(warmupSteps) }
    switch kind {
    case .constant: return 1
    case .cosine:
      let length = max(1, steps - warmupSteps)
      let progress = min(1, Double(step - warmupSteps) / Double(length))
      return finalShare + (1 - finalShare) * 0.5 * (1 + cos(Double.pi * progress))
    }
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, warmupSteps, finalShare
  }

  /// Reads the mapping `{kind, warmupSteps, finalShare}`, each key optional.
  public init(from decoder: any Decoder) throws {
    let place = "training.schedule"
    try Settings<CodingKeys>(decoder, of: place).update(&kind, .kind)
    let known: [CodingKeys] = kind == .cosine ? CodingKeys.allCases : [.kind, .warmupSteps]
    let settings = try Settings(decoder, of: "\(place) of kind \(kind)", known: known)
    try settings.update(&warmupSteps, .warmupSteps)
    try settings.update(&finalShare, .finalShare)
  }

  /// Writes the keys that the kind has.
  public func encode(to encoder: any Encoder) throws {
    var keys = encoder.container(keyedBy: CodingKeys.self)
    try keys.encode(kind, forKey: .kind)
    try keys.encode(warmupSteps, forKey: .warmupSteps)
    if kind == .cosine { try keys.encode(finalShare, forKey: .finalShare) }
  }
}
