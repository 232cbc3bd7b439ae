import RecordTypes
public import TensorGraph

/// The optimiser's settings.
public struct OptimizerConfiguration: Codable, Hashable, Sendable {
  /// Which rule changes the parameters.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    case adam, adamw

    /// The weight decay where none is given.
    var weightDecay: Double { self == .adamw ? 0.01 : 0 }
  }

  /// Which rule changes the parameters.
  public var kind = Kind.adam
  /// The size of a step, before the schedule.
  public var learningRate = 0.001
  /// Decay of the gradient's running mean.
  public var beta1 = 0.9
  /// Decay of the squared gradient's running mean.
  public var beta2 = 0.999
  /// Added to the denominator.
  public var epsilon = 1e-8
  /// Added to the gradient under `adam`; acts on the weights beside the step under `adamw`.
  public var weightDecay = 0.0

  /// Adam with its usual settings.
  public init() {}

  /// The rule that programs are built with.
  public var rule: AdamRule {
    AdamRule(
      beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      decoupled: kind == .adamw)
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, learningRate, beta1, beta2, epsilon, weightDecay
  }

  /// Reads the mapping, each key optional; the weight decay's default depends on the kind.
  public init(from decoder: any Decoder) throws {
    let settings = try Settings<CodingKeys>(decoder, of: "training.optimizer")
    try settings.update(&kind, .kind)
    weightDecay = kind.weightDecay
    try settings.update(&learningRate, .learningRate)
    try settings.update(&beta1, .beta1)
    try settings.update(&beta2, .beta2)
    try settings.update(&epsilon, .epsilon)
    try settings.update(&weightDecay, .weightDecay)
  }
}
