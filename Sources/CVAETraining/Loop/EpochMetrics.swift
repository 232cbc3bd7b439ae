/// The bound and its two terms, in nats per record.
public struct ELBOMeans: Codable, Hashable, Sendable {
  /// The bound itself, never weighted.
  public var elbo: Double
  /// The expected log-likelihood.
  public var logLikelihood: Double
  /// The KL divergence, summed over latent dimensions and levels of details.
  public var kl: Double
  /// Its parts, that of z and those of the levels of details, the coarsest first; nil for a model without levels.
  public var klByLevel: [Double]?
}

/// One line of `metrics.jsonl`.
public struct EpochMetrics: Codable, Hashable, Sendable {
  /// The epoch, counted from 1.
  public var epoch: Int
  /// Steps since the start.
  public var step: Int
  /// Seconds in the steps of all epochs since the start.
  public var seconds: Double
  /// This epoch's records over its seconds, from before the first batch to the last update,
  /// shuffling and conversion included.
  public var recordsPerSecond: Double
  /// Means over the epoch's batches, each before its update.
  public var train: ELBOMeans
  /// Means over the validation split after the epoch; nil without one.
  public var validation: ELBOMeans?
  /// Steps since the start whose loss or gradient was not finite; nil for none.
  public var refusedSteps: Int?
}

/// How far a run has come.
public struct TrainingProgress: Hashable, Sendable {
  /// The current epoch, counted from 1.
  public let epoch: Int
  /// Epochs in all.
  public let epochs: Int
  /// Batches of this epoch that are done.
  public let batch: Int
  /// Batches in an epoch.
  public let batches: Int
  /// Steps since the start.
  public let step: Int
  /// The bound's mean over this epoch so far; nil before the first step that was applied.
  public let elbo: Double?
  /// This epoch's records over its seconds so far.
  public let recordsPerSecond: Double
}

/// How a run ended.
public enum TrainingOutcome: Hashable, Sendable {
  /// All epochs are done.
  case finished
  /// The caller stopped it; the sentence says how to go on.
  case interrupted(resume: String)
  /// The validation bound has ceased to rise; the model is that of the best epoch.
  case stoppedEarly(bestEpoch: Int)
  /// Loss, gradient or parameters were no longer finite; the sentence says what to change.
  case diverged(reason: String)
}
