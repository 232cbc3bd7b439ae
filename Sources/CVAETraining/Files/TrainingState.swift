/// Sums over records, in `Double` and in the order of the records, of the bound's terms.
public struct TermSums: Codable, Hashable, Sendable {
  /// Records that were counted.
  public var records = 0
  /// Sum of the bound.
  public var elbo = 0.0
  /// Sum of the expected log-likelihood.
  public var logLikelihood = 0.0
  /// Sum of the KL divergence, over records, latent dimensions and levels of details.
  public var kl = 0.0
  /// The parts of z and of each level of details, the coarsest first; nil for a model without levels.
  public var klByLevel: [Double]?

  /// Nothing yet.
  public init() {}

  /// Nats per record; nil where no record was counted.
  public var means: ELBOMeans? {
    guard records > 0 else { return nil }
    let count = Double(records)
    return ELBOMeans(
      elbo: elbo / count, logLikelihood: logLikelihood / count, kl: kl / count,
      klByLevel: klByLevel?.map { $0 / count })
  }
}

/// Where a run stands between two steps: with the parameters and the optimiser's state, all that
/// the rest of the run depends on.
public struct TrainingState: Codable, Hashable, Sendable {
  /// The best validation bound so far.
  public struct Best: Codable, Hashable, Sendable {
    /// The epoch, counted from 1.
    public var epoch: Int
    /// Its mean over the validation split.
    public var elbo: Double
  }

  /// Epochs that are done.
  public var epoch = 0
  /// Batches of the current epoch that are done.
  public var batch = 0
  /// Steps that were tried since the start; addresses the random numbers.
  public var step = 0
  /// Updates that were applied; Adam's bias correction counts them.
  public var updateCount = 0
  /// Sums over the current epoch's batches.
  public var sums = TermSums()
  /// Steps that were refused since the start.
  public var refusedSteps = 0
  /// Refused steps since the last that was applied.
  public var refusedInARow = 0
  /// The running mean of the gradients' norm, before clipping; nil where no step is left out by it.
  public var meanNorm: Double?
  /// The best epoch so far.
  public var best: Best?
  /// Epochs since the best one.
  public var epochsSinceBest = 0
  /// Seconds in the steps of the epochs that are done.
  public var seconds = 0.0
  /// Seconds in the current epoch's steps.
  public var epochSeconds = 0.0
  /// Whether nothing is left to do.
  public var isFinished = false

  /// The start of a run.
  public init() {}

  /// The first value that no run can have; nil if there is none.
  var mistake: (key: String, expected: String, actual: String)? {
    for (key, count) in [
      ("epoch", epoch), ("batch", batch), ("step", step), ("updateCount", updateCount),
      ("sums.records", sums.records), ("refusedSteps", refusedSteps),
      ("refusedInARow", refusedInARow), ("best.epoch", best?.epoch ?? 0),
      ("epochsSinceBest", epochsSinceBest),
    ] where !(0...Self.most).contains(count) {
      return (key, "a count of at most \(Self.most)", "\(count)")
    }
    for (key, time) in [("seconds", seconds), ("epochSeconds", epochSeconds)]
    where !(0...Double(Self.most)).contains(time) {
      return (key, "a time in seconds", "\(time)")
    }
    return nil
  }

  /// Far more than any run counts, and far below the largest integer.
  private static let most = 1 << 53
}
