public import RecordTypes
public import TensorGraph

/// Ends a run whose validation bound has ceased to rise.
public struct EarlyStopping: Codable, Hashable, Sendable {
  /// Epochs without a new best bound after which training ends.
  public var patience: Int

  /// Ends a run after `patience` epochs without a new best.
  public init(patience: Int) { self.patience = patience }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case patience
  }

  /// Reads `{patience}`.
  public init(from decoder: any Decoder) throws {
    let settings = try Settings<CodingKeys>(decoder, of: "training.earlyStopping")
    patience = try settings.container.decode(Int.self, forKey: .patience)
  }
}

/// What is put into a new order for each epoch.
public enum Shuffle: String, Codable, Hashable, Sendable, CaseIterable {
  /// All records, which are in memory.
  case records
  /// Blocks of a table's rows, then the rows of a few blocks at a time, which are read from disk.
  case blocks
}

/// The `training:` part of a configuration: how the loop runs.
public struct TrainingConfiguration: Codable, Hashable, Sendable {
  /// Records in a step.
  public var batch = 128
  /// Passes over the training split.
  public var epochs = 10
  /// The rule that changes the parameters.
  public var optimizer = OptimizerConfiguration()
  /// How the learning rate changes.
  public var schedule = LearningRateSchedule()
  /// The KL term's weight in the loss.
  public var klWeight = KLSchedule.constant(1)
  /// Nats of KL for each latent dimension that the loss doesn't punish; 0 for none.
  ///
  /// - Source: Kingma et al., *Improving Variational Inference with Inverse Autoregressive Flow*,
  ///   2016, appendix C.8.
  public var freeBits = 0.0
  /// After so many epochs nothing is free any more; nil: to the end. What z has come to hold by then stays as far as it pays.
  public var freeBitsUntil: Int?
  /// What each step leaves of the running means of the parameters, which are kept as the model; nil keeps the parameters of
  /// the last step.
  public var averaging: Double?
  /// The largest global norm of the gradients; nil leaves them as they are.
  public var gradientClip: Double?
  /// The share of the training split that is held out for validation; 0 for none.
  public var validation = 0.05
  /// How many members of a group a step reads, where records of a group share z.
  public var groups = GroupConfiguration()
  /// A category: all records of one level fall into the same split; nil splits record by record.
  public var splitBy: String?
  /// When to stop early; nil trains all epochs.
  public var earlyStopping: EarlyStopping?
  /// The probability by which each given field of each record is replaced by "any".
  public var conditionDropout = 0.0
  /// The masks that hide pixels under `given: any`, each kind as often as the others; nil for the usual ones.
  public var masks: [MaskKind]?
  /// The number format of the products.
  public var precision = Precision.float32
  /// Threads to compute on; nil takes all.
  public var threads: Int?
  /// Decides initial weights, split, order and noise.
  public var seed: UInt64 = 1
  /// What is put into a new order for each epoch; nil for blocks of a table that takes more than its share of memory, else
  /// records.
  public var shuffle: Shuffle?
  /// Epochs from one checkpoint to the next.
  public var checkpointEvery = 1

  /// The defaults.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case batch, epochs, optimizer, schedule, klWeight, freeBits, freeBitsUntil, gradientClip
    case validation, averaging
    case earlyStopping, conditionDropout, masks, precision, threads, seed, checkpointEvery
    case splitBy, groups, shuffle
  }

  /// The free nats in an epoch, which counts from 0.
  func freeBits(inEpoch epoch: Int) -> Double {
    epoch < freeBitsUntil ?? .max ? freeBits : 0
  }

  /// Reads the mapping, each key optional.
  ///
  /// - Throws: ``UnknownName`` for a key that isn't a setting.
  public init(from decoder: any Decoder) throws {
    let settings = try Settings<CodingKeys>(decoder, of: "training")
    try settings.update(&batch, .batch)
    try settings.update(&epochs, .epochs)
    try settings.update(&optimizer, .optimizer)
    try settings.update(&schedule, .schedule)
    try settings.update(&klWeight, .klWeight)
    try settings.update(&freeBits, .freeBits)
    try settings.update(&freeBitsUntil, .freeBitsUntil)
    try settings.update(&averaging, .averaging)
    try settings.update(&gradientClip, .gradientClip)
    try settings.update(&validation, .validation)
    try settings.update(&groups, .groups)
    try settings.update(&splitBy, .splitBy)
    try settings.update(&earlyStopping, .earlyStopping)
    try settings.update(&conditionDropout, .conditionDropout)
    masks = try settings.names(.masks)?.map { try settings.word($0, .masks) }
    try settings.update(&precision, .precision)
    try settings.update(&threads, .threads)
    try settings.update(&seed, .seed)
    try settings.update(&checkpointEvery, .checkpointEvery)
    shuffle = try settings.container.decodeIfPresent(String.self, forKey: .shuffle).map {
      try settings.word($0, .shuffle)
    }
  }
}
