import CVAEModels
import ConditionalData
import TensorFiles
import TensorGraph

/// A run in progress: the session, the compiled programs, and how far it has come.
final class TrainingLoop {
  /// Steps in a row without an update after which a run gives up.
  static let mostRefusedSteps = 10
  /// Gradients so many times as large as usual are left out.
  ///
  /// - Source: Child, *Very Deep VAEs*, 2021, which leaves out steps beyond a fixed norm.
  private static let outlierNorm = 20.0
  /// About so many steps make what is usual.
  private static let normSteps = 100.0

  let trainer: Trainer
  let session: any ExecutionSession
  var state: TrainingState
  /// Nil where another rank writes it.
  var metrics: MetricsFile?
  let evaluation: EvaluationPass?
  /// Nil where the parameters themselves are the model.
  var averages: ParameterAverages?

  /// One for each size of batch, compiled when it is first needed.
  private var programs: [SizedProgram?]
  /// What ranks tell each other after each step; nil for a process alone.
  let agreement: Agreement?
  /// What fills programs from the window of a stored table that is in memory.
  private var windowFiller: (id: Int, epoch: Int, filler: TrainingFiller)?
  private let clock = ContinuousClock()

  var settings: TrainingConfiguration { trainer.configuration.training }

  /// Makes all that steps need, and only then prepares the run's folder, so that an error before that
  /// doesn't cost an older run.
  init(_ trainer: Trainer, from checkpoint: Checkpoint?, prepare: () throws -> Void) throws {
    self.trainer = trainer
    state = checkpoint?.state ?? TrainingState()
    session = try trainer.executor.makeSession(for: trainer.model.store)
    programs = [SizedProgram?](repeating: nil, count: trainer.plan.sizes.count)
    agreement = try trainer.executor.communicator.map { communicator in
      let sums = TermSums().numbers(levels: trainer.model.detailLevels.count)
      return try Agreement(communicator, count: sums.count)
    }
    try Self.agreeOnLayouts(trainer, session)
    programs[0] = try SizedProgram(trainer, trainer.plan.sizes[0], session, like: nil)
    let isNeeded = !trainer.split.validation.isEmpty || !trainer.model.fittedDeviations.isEmpty
    evaluation = isNeeded ? try EvaluationPass(trainer, session: session) : nil
    try checkpoint?.restore(session)
    averages = trainer.configuration.training.averaging.map {
      ParameterAverages(decay: $0, values: checkpoint?.averages.mapValues(\.values) ?? [:])
    }
    try prepare()
    metrics =
      trainer.writesFiles
      ? try MetricsFile(trainer.run.metricsPath, keepingEpochs: state.epoch) : nil
  }

  /// Ranks whose parts of a batch differ by a row might keep parameters in different layouts; the first program that
  /// is compiled decides, so let it be the same one on all.
  private static func agreeOnLayouts(
    _ trainer: Trainer, _ session: any ExecutionSession
  ) throws {
    let size = trainer.plan.sizes[0]
    let most = trainer.shares.largestCount(of: size.records)
    guard most > trainer.shares.computedCount(of: size.records) else { return }
    let program = try SizedProgram.program(trainer, size, records: most)
    // Nothing is exchanged for it, since the other ranks don't make it.
    _ = try session.compile(program.sharing([1]))
  }

  func run(
    isInterrupted: () -> Bool, onEpoch: (EpochMetrics) throws -> Void,
    onProgress: (TrainingProgress) -> Void
  ) throws -> TrainingOutcome {
    while state.epoch < settings.epochs {
      switch try runSteps(isInterrupted: isInterrupted, onProgress: onProgress) {
      case .done: break
      case .interrupted: return try interrupt()
      case .diverged:
        return diverged(
          "The loss or its gradient was not finite\(state.meanNorm == nil ? "" : ", or far larger than usual,") in "
            + "\(state.refusedInARow) steps in a row, "
            + "up to step \(state.step) in epoch \(state.epoch + 1)")
      }
      switch try closeEpoch(isInterrupted: isInterrupted) {
      case .closed(let line): try onEpoch(line)
      case .interrupted: return try interrupt()
      case .diverged(let cause): return diverged(cause)
      }
      if state.epoch < settings.epochs, stopsEarly {
        return .stoppedEarly(bestEpoch: state.best?.epoch ?? state.epoch)
      }
      if state.epoch < settings.epochs, try isStopped(isInterrupted) { return try interrupt() }
    }
    return .finished
  }

  /// Whether this or another rank is to stop.
  private func isStopped(_ isInterrupted: () -> Bool) throws -> Bool {
    guard let agreement else { return isInterrupted() }
    let none = TermSums().numbers(levels: trainer.model.detailLevels.count)
    return try agreement.reach(none, stops: isInterrupted()).stops
  }

  private enum StepsOutcome {
    case done, interrupted, diverged
  }

  /// Runs the batches of the current epoch that are still to do.
  private func runSteps(
    isInterrupted: () -> Bool, onProgress: (TrainingProgress) -> Void
  ) throws -> StepsOutcome {
    let batches = trainer.batchesPerEpoch
    guard state.batch < batches else { return .done }
    let before = state.epochSeconds
    let start = clock.now
    var order = try EpochOrder(
      trainer, epoch: state.epoch, from: state.batch, shuffled: shuffledRecords)
    while state.batch < batches {
      let (outcome, stops) = try step(
        order.batch(state.batch), isInterrupted: isInterrupted)
      state.epochSeconds = before + (clock.now - start) / .seconds(1)
      onProgress(progress)
      if outcome != .applied, state.refusedInARow >= Self.mostRefusedSteps { return .diverged }
      // Ranks have agreed on it within the step.
      if agreement == nil ? isInterrupted() : stops { return .interrupted }
    }
    return .done
  }

  /// The training split in the current epoch's order.
  private func shuffledRecords() -> [Int32] {
    let train = trainer.split.train
    let position = RandomPosition(
      seed: settings.seed, step: UInt32(truncatingIfNeeded: state.epoch))
    return position.permutation(RandomPurpose("shuffle"), count: train.count)
      .map { train[Int($0)] }
  }

  /// The program of a size.
  private func program(_ size: Int) throws -> SizedProgram {
    if let known = programs[size] { return known }
    let made = try SizedProgram(trainer, trainer.plan.sizes[size], session, like: programs[0])
    programs[size] = made
    return made
  }

  /// - Returns: What became of the update, and whether any of several ranks is to stop.
  private func step(
    _ next: TrainingBatch, isInterrupted: () -> Bool
  ) throws -> (outcome: UpdateOutcome?, stops: Bool) {
    let batch = next.batch
    let batches = trainer.batchesPerEpoch
    let sized = try program(batch.size)
    let program = sized.program
    let filler = try next.window.map { try self.filler(sized.filler, of: $0) } ?? sized.filler
    let position = RandomPosition(
      seed: settings.seed, step: UInt32(truncatingIfNeeded: state.step))
    let count = trainer.plan.sizes[batch.size].records
    let rows = trainer.shares.computedRows(of: count)
    batch.records.withUnsafeBufferPointer {
      filler.fill(
        program, $0.extracting(next.isPart ? $0.indices : rows), firstRow: rows.lowerBound,
        at: position, conditionDropout: trainer.conditionDropout)
    }
    sized.augmentation?.apply(to: program, at: position)
    let klWeight = settings.klWeight.weight(epoch: state.epoch, batch: state.batch, of: batches)
    program.set(.klWeight, Float(klWeight))
    if settings.freeBits > 0 {
      program.set(.freeBits, Float(settings.freeBits(inEpoch: state.epoch)))
    }
    let share = settings.schedule.share(step: state.step, of: settings.epochs * batches)
    session.largestNorm = state.meanNorm.map { Self.outlierNorm * $0 }
    let outcome = try program.run(
      at: position, learningRate: settings.optimizer.learningRate * share)
    state.step += 1
    state.batch += 1
    let ownCount = trainer.shares.ownCount(of: count)
    var sums = TermSums()
    sums.add(
      program, rows: ownCount == 0 ? 0 : program.withOutput(.elbo) { $0.count },
      levels: trainer.model.detailLevels)
    var stops = false
    if let agreement {
      let all = try agreement.reach(
        sums.numbers(levels: trainer.model.detailLevels.count), stops: isInterrupted())
      (sums, stops) = (TermSums(numbers: all.sums), all.stops)
    }
    if outcome == .applied {
      state.refusedInARow = 0
      noteNorm()
      try averages?.update(after: state.step, trainer.model.trainedParameters, session)
      state.sums.add(sums)
    } else {
      state.refusedSteps += 1
      state.refusedInARow += 1
      // Gradients that stay as large are soon usual.
      if outcome == .outlier { state.meanNorm = state.meanNorm.map { 2 * $0 } }
    }
    return (outcome, stops)
  }

  /// The filler for the records of a window.
  private func filler(
    _ filler: TrainingFiller, of window: RecordWindow
  ) throws -> TrainingFiller {
    if let windowFiller, windowFiller.id == window.id, windowFiller.epoch == state.epoch {
      return windowFiller.filler
    }
    // Before the next one is made, so that one at a time is in memory.
    windowFiller = nil
    let made = try filler.reading(window, of: trainer)
    windowFiller = (window.id, state.epoch, made)
    return made
  }

  /// Takes the gradients' norm into its running mean, which models with levels of details leave outliers out by.
  private func noteNorm() {
    guard !trainer.model.detailLevels.isEmpty, let norm = session.gradientNorm else { return }
    guard let mean = state.meanNorm else {
      state.meanNorm = norm
      return
    }
    state.meanNorm = mean + (norm - mean) / Self.normSteps
  }

  private var progress: TrainingProgress {
    TrainingProgress(
      epoch: state.epoch + 1, epochs: settings.epochs, batch: state.batch,
      batches: trainer.batchesPerEpoch, step: state.step, elbo: state.sums.means?.elbo,
      recordsPerSecond: recordsPerSecond)
  }

  var recordsPerSecond: Double {
    Double(trainer.trainingCount) * Double(state.batch) / Double(trainer.batchesPerEpoch)
      / max(state.epochSeconds, 1e-9)
  }
}

/// A training program for batches of one size, and what fills it.
private struct SizedProgram {
  let program: CompiledModel
  let filler: TrainingFiller
  let augmentation: PictureAugmentation?

  /// - Parameter other: One of the same run, whose records needn't be prepared again.
  init(
    _ trainer: Trainer, _ size: BatchPlan.Size, _ session: any ExecutionSession,
    like other: SizedProgram?
  ) throws {
    let program = try Self.program(
      trainer, size, records: trainer.shares.computedCount(of: size.records))
    augmentation = PictureAugmentation(trainer.model)
    // A record of a rare level might have a longer text than the others of its batch.
    let rareLevels =
      trainer.plan.hasTexts
      ? nil : RareLevels(trainer.model, trainer.data.records, training: trainer.split.train)
    var shape = trainer.groupShape
    shape?.groups = trainer.shares.computedCount(of: size.records)
    filler =
      try other?.filler.filling(program, trainer)
      ?? TrainingFiller(
        program, trainer, shape: shape, records: trainer.split.train,
        rareLevels: rareLevels)
    self.program = try session.compile(program)
  }

  /// The program for `records` of a batch's records, or of the groups that they lead.
  static func program(
    _ trainer: Trainer, _ size: BatchPlan.Size, records: Int
  ) throws -> ModelProgram {
    let settings = trainer.configuration.training
    let program: ModelProgram
    if var shape = trainer.groupShape {
      shape.groups = records
      program = try trainer.model.groupTrainingProgram(
        shape, rule: settings.optimizer.rule, clipNorm: settings.gradientClip,
        hasFreeBits: settings.freeBits > 0)
    } else {
      program = try trainer.model.trainingProgram(
        batch: records, steps: size.steps, rule: settings.optimizer.rule,
        clipNorm: settings.gradientClip, hasFreeBits: settings.freeBits > 0)
    }
    return program.sharing(trainer.shares.shares(of: size.records))
  }
}
