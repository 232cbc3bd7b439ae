public import CVAEModels
public import ConditionalData
import RecordTypes
public import TensorFiles
public import TensorGraph

/// Trains a conditional variational autoencoder on a data set, into a run directory.
///
/// Everything is checked before the first step. After that the run is a function of data, settings
/// and executor: a run that was stopped, by ``TrainingOutcome/interrupted(resume:)`` or by a killed
/// process, ends with the same model file as one that was not, once it is resumed.
public struct Trainer: Sendable {
  /// The records.
  public let data: DataSet
  /// All settings; a batch has no more records than the training split, or the targets of one group.
  public let configuration: RunConfiguration
  /// Where files go.
  public let run: RunDirectory
  /// The networks, with their first values.
  public let model: ConditionalVAE
  /// Fitted on the training split.
  public let preprocessing: Preprocessing
  /// Which of the records are trained on, and which are held out; of a stored table, its samples.
  public let split: DataSplit
  /// How many records are trained on.
  public let trainingCount: Int

  let executor: any Executor
  /// The part of each batch that this process has, where several ranks train together.
  let shares: BatchShares
  /// Whether this process writes the run's files: rank 0 alone does.
  public var writesFiles: Bool { shares.rank == 0 }
  /// How training records are shared out to batches.
  let plan: BatchPlan
  /// How many texts of the data are cut, as they have more tokens than their field's longest, by field.
  public var cutTexts: [String: Int] { plan.cutTexts }
  /// Batches in an epoch; what is left over of a size is dropped, unless it is all there is.
  public let batchesPerEpoch: Int

  /// Checks settings and data against each other; `configuration.given` names the given fields.
  ///
  /// - Throws: ``ConfigurationFailure``, ``TrainingFailure``, ``UnknownName`` for a field that
  ///   isn't there, and what the model says of its settings.
  public init(
    data: DataSet, configuration: RunConfiguration, run: RunDirectory, executor: any Executor
  ) throws {
    try configuration.validate()
    let training = configuration.training
    try Self.checkNames(configuration, data)
    let known = try configuration.usedSchema(of: data.schema)
    let roles = try Self.roles(configuration.given, schema: known)
    // A generated field that some records lack is generated as missing equally often.
    let schema = try RecordSchema(
      fields: known.fields.map { field in
        field.missing(
          roles.isGenerated(field.name) && data.hasMissing(field.name))
      })
    let split =
      try data.stored?.samples
      ?? DataSplit(
        data, seed: training.seed, validation: training.validation, by: training.splitBy)
    try StoredTableCheck(data: data, configuration: configuration).run()
    if let masks = training.masks {
      try Self.check(masks, schema: schema, roles: roles)
    }
    let check = TrainingCheck(data: data, roles: roles, records: split.train)
    try check.run()
    try GroupCheck(data: data, configuration: configuration, hasMasks: !roles.masked.isEmpty)
      .run(split.train)
    let combinations = Combinations(
      configuration.model.combinations, data, training: split.train, roles: roles)
    var networks = configuration.model.forRows(schema: schema, roles: roles, of: data)
    if data.isTable { networks.combinations = combinations.names }
    model = try ConditionalVAE(
      schema: schema, roles: roles, configuration: networks,
      acceptsMissing: training.conditionDropout > 0 || check.givenFieldsMissValues
        || !roles.masked.isEmpty,
      seed: training.seed, combinations: combinations.table)
    let names = schema.fields.map(\.name)
    preprocessing =
      try data.stored?.preprocessing(fields: names)
      ?? Preprocessing.fit(data, on: split.train, fields: names)
    self.data = data
    trainingCount = data.stored?.trainingCount ?? split.train.count
    var fitting = configuration
    if data.stored != nil { fitting.training.shuffle = .blocks }
    fitting.training.batch = training.batch(
      of: trainingCount, isGrouped: configuration.model.group != nil)
    self.configuration = fitting
    plan =
      configuration.model.group == nil
      ? try BatchPlan(
        batch: fitting.training.batch, data, fields: schema.fields, roles: roles,
        preprocessing: preprocessing, records: split.train.count)
      : BatchPlan(batch: max(1, fitting.training.batch / training.groups.targets))
    shares = BatchShares(executor.communicator)
    if let stored = data.stored {
      batchesPerEpoch = Self.batches(of: stored, fitting.training, shares)
    } else if configuration.model.group == nil {
      batchesPerEpoch = plan.batches(split.train).count
    } else {
      batchesPerEpoch = max(1, trainingCount / fitting.training.batch)
    }
    self.run = run
    self.split = split
    self.executor = executor
  }

  /// The batches in an epoch of a stored table: as many as every rank can make of the blocks that it reads.
  private static func batches(
    of stored: StoredSplit, _ training: TrainingConfiguration, _ shares: BatchShares
  ) -> Int {
    guard shares.readOwnBlocks(of: stored.counts.count) else {
      return max(1, stored.trainingCount / training.batch)
    }
    return max(
      1,
      BlockShuffle.batches(
        counts: stored.counts, seed: training.seed, epochs: training.epochs, ranks: shares.ranks,
        batch: shares.largestCount(of: training.batch)))
  }

  /// Says what is wrong with names that are no fields: a column that was left out, and `any` beside others.
  private static func checkNames(_ configuration: RunConfiguration, _ data: DataSet) throws {
    let training = configuration.training
    let wanted =
      configuration.given + [training.splitBy, configuration.model.group].compactMap { $0 }
    let unknown = wanted.filter { data.schema.position(of: $0) == nil }
    if let name = unknown.first(where: data.leftOut.contains) {
      throw TrainingFailure.columnLeftOut(
        column: name, source: data.source, reason: data.reasonsLeftOut[name])
    }
    guard let name = unknown.first(where: configuration.given.contains),
      configuration.given != [Roles.anyWord]
    else { return }
    if name == Roles.anyWord {
      throw TrainingFailure.anyBesideOthers(
        configuration.given.filter { $0 != Roles.anyWord })
    }
    throw TrainingFailure.unknownGiven(field: name, known: data.schema.fields.map(\.name))
  }

  private static func check(_ masks: [MaskKind], schema: RecordSchema, roles: Roles) throws {
    guard !roles.masked.isEmpty else { throw TrainingFailure.unusedMasks(given: roles.given) }
    let hasGrid = schema.fields.contains { $0.kind.content.isMaskedByCell }
    if !hasGrid, let wrong = masks.first(where: { !MaskKind.ofRows.contains($0) }) {
      throw TrainingFailure.masksOfPictures(mask: wrong)
    }
  }

  private static func roles(_ given: [String], schema: RecordSchema) throws -> Roles {
    let names = schema.fields.map(\.name)
    guard !given.isEmpty else { throw TrainingFailure.noGivenField(known: names) }
    return try Roles.named(given, schema: schema)
  }

  /// The probability with which a given field is hidden. Unless another is set, it is one half under
  /// `given: any`, and a tenth where some given field misses values: every field of such a model can be
  /// unknown, and the embedding for that must be learned.
  var conditionDropout: Double {
    let chosen = configuration.training.conditionDropout
    if chosen > 0 || !model.acceptsMissing { return chosen }
    return model.maskedInputs.isEmpty ? 0.1 : 0.5
  }

  /// Trains until all epochs are done, training is stopped early, the caller wants to stop, or the loss or its
  /// gradient was not finite in ten steps in a row. Fewer such steps are only counted.
  ///
  /// - Parameters:
  ///   - start: What happens to a run that is already there. Resuming a run that has finished ends at once.
  ///   - lock: The run directory's lock, where the caller has it already.
  ///   - onStart: Called once, when there is a checkpoint to go on from and nothing was refused.
  ///   - isInterrupted: Called after every step; true ends the run with a checkpoint.
  ///   - onEpoch: Called after an epoch's files are written.
  ///   - onProgress: Called after every step.
  /// - Throws: ``RunDirectoryFailure`` where the directory can't take the run, ``TrainingFailure``
  ///   where data or settings differ from the resumed run's, errors of files and of the executor.
  public func run(
    _ start: RunStart = .new, lock: FolderLock? = nil, onStart: () throws -> Void = {},
    isInterrupted: () -> Bool = { false },
    onEpoch: (EpochMetrics) throws -> Void = { _ in },
    onProgress: (TrainingProgress) -> Void = { _ in }
  ) throws -> TrainingOutcome {
    if writesFiles { try run.check(for: start) }
    let lock = writesFiles ? try lock ?? run.lock() : nil
    defer { withExtendedLifetime(lock) {} }
    let checkpoint = start == .resuming ? try loadCheckpoint() : nil
    if let checkpoint, checkpoint.state.isFinished {
      try onStart()
      return .finished
    }
    let loop = try TrainingLoop(self, from: checkpoint) {
      if writesFiles { try run.prepare(for: start) }
    }
    if checkpoint == nil { try loop.writeCheckpoint() }
    try onStart()
    return try loop.run(isInterrupted: isInterrupted, onEpoch: onEpoch, onProgress: onProgress)
  }

  private func loadCheckpoint() throws -> Checkpoint {
    let checkpoint = try Checkpoint.load(run.checkpointPath)
    if let difference = try configuration.differences(from: checkpoint.configuration).first {
      throw TrainingFailure.settingChanged(
        key: difference.key, saved: difference.other, asked: difference.own)
    }
    let saved = checkpoint.model.provenance.dataFingerprint
    let found = checkpoint.model.fingerprint(of: data) ?? data.fingerprint
    guard saved == found else {
      throw TrainingFailure.dataChanged(source: data.source, expected: saved, actual: found)
    }
    // The fingerprint ignores the names of levels, which the model file keeps.
    for (own, other) in zip(checkpoint.model.schema.fields, model.schema.fields) where own != other
    {
      throw TrainingFailure.levelsChanged(
        field: own.name, expected: own.levels, actual: other.levels)
    }
    // The levels of a field that only the split depends on are in no file.
    if let field = configuration.training.splitBy,
      checkpoint.model.provenance.trainingRecords != trainingCount
    {
      throw TrainingFailure.splitChanged(field: field)
    }
    return checkpoint
  }
}

extension ModelConfiguration {
  /// The same with the defaults for tables and for rows of which any field may be given: columns are drawn one
  /// after the other, and numbers from mixtures.
  fileprivate func forRows(
    schema: RecordSchema, roles: Roles, of data: DataSet
  ) -> ModelConfiguration {
    var named = self
    for field in schema.fields where roles.isGenerated(field.name) {
      let isOfRow = data.isTable || roles.isMasked(field.name)
      if isOfRow, named.likelihood[field.name] == nil, let own = rowLikelihood(of: field) {
        named.likelihood[field.name] = own
      }
    }
    let mostLevels =
      schema.fields.map { field in
        max(field.levels.count, (field.kind.content as? DiscreteKind)?.values.count ?? 0)
      }.max() ?? 0
    if data.isTable, mostLevels >= Self.manyLevels, named.embedding == nil { named.embedding = 16 }
    let generated = schema.fields.filter { roles.isGenerated($0.name) }
    let areMasked = generated.contains { roles.isMasked($0.name) }
    if areMasked || data.isTable && generated.count > 1,
      !generated.contains(where: { $0.kind.content.isMaskedByCell }),
      group == nil, named.decoder.columns == nil
    {
      named.decoder.columns = [96, 32]
    }
    return named
  }
}
