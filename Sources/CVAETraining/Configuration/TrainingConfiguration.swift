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
    let keys = try decoder.mapping(CodingKeys.self, of: "training.earlyStopping")
    patience = try keys.decode(Int.self, forKey: .patience)
  }
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
  /// Epochs from one checkpoint to the next.
  public var checkpointEvery = 1

  /// The defaults.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable {
    case batch, epochs, optimizer, schedule, klWeight, freeBits, gradientClip, validation
    case earlyStopping, conditionDropout, masks, precision, threads, seed, checkpointEvery
    case splitBy, groups
  }

  /// Reads the mapping, each key optional.
  ///
  /// - Throws: ``UnknownName`` for a key that isn't a setting.
  public init(from decoder: any Decoder) throws {
    let keys = try decoder.mapping(CodingKeys.self, of: "training")
    try keys.update(&batch, .batch)
    try keys.update(&epochs, .epochs)
    try keys.update(&optimizer, .optimizer)
    try keys.update(&schedule, .schedule)
    try keys.update(&klWeight, .klWeight)
    try keys.update(&freeBits, .freeBits)
    gradientClip = try keys.decodeIfPresent(Double.self, forKey: .gradientClip)
    try keys.update(&validation, .validation)
    try keys.update(&groups, .groups)
    splitBy = try keys.decodeIfPresent(String.self, forKey: .splitBy)
    earlyStopping = try keys.decodeIfPresent(EarlyStopping.self, forKey: .earlyStopping)
    try keys.update(&conditionDropout, .conditionDropout)
    masks = try keys.choices(.masks, of: "training.masks")
    try keys.choice(&precision, .precision, of: "training.precision")
    threads = try keys.decodeIfPresent(Int.self, forKey: .threads)
    try keys.update(&seed, .seed)
    try keys.update(&checkpointEvery, .checkpointEvery)
  }
}
