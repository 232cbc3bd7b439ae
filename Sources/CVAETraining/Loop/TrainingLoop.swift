import CVAEModels
import ConditionalData
import TensorFiles
import TensorGraph

/// A run in progress: the session, the compiled programs, and how far it has come.
final class TrainingLoop {
  /// Steps in a row without an update after which a run gives up.
  static let mostRefusedSteps = 10

  let trainer: Trainer
  let session: any ExecutionSession
  var state: TrainingState
  var metrics: MetricsFile
  let evaluation: EvaluationPass?

  private let program: CompiledModel
  private let filler: TrainingFiller
  private let clock = ContinuousClock()

  var settings: TrainingConfiguration { trainer.configuration.training }

  /// Makes all that steps need, and only then prepares the run's folder, so that an error before that
  /// doesn't cost an older run.
  init(_ trainer: Trainer, from checkpoint: Checkpoint?, prepare: () throws -> Void) throws {
    self.trainer = trainer
    state = checkpoint?.state ?? TrainingState()
    let settings = trainer.configuration.training
    let program: ModelProgram
    if let shape = trainer.groupShape {
      program = try trainer.model.groupTrainingProgram(
        shape, rule: settings.optimizer.rule, clipNorm: settings.gradientClip,
        freeBits: settings.freeBits)
    } else {
      program = try trainer.model.trainingProgram(
        batch: settings.batch, rule: settings.optimizer.rule, clipNorm: settings.gradientClip,
        freeBits: settings.freeBits)
    }
    filler = try TrainingFiller(
      program, trainer, shape: trainer.groupShape, records: trainer.split.train,
      rareLevels: RareLevels(
        trainer.model, trainer.data.records, training: trainer.split.train))
    session = try trainer.executor.makeSession(for: trainer.model.store)
    self.program = try session.compile(program)
    let isNeeded = !trainer.split.validation.isEmpty || !trainer.model.fittedDeviations.isEmpty
    evaluation = isNeeded ? try EvaluationPass(trainer, session: session) : nil
    try checkpoint?.restore(session)
    try prepare()
    metrics = try MetricsFile(trainer.run.metricsPath, keepingEpochs: state.epoch)
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
          "The loss or its gradient was not finite in \(state.refusedInARow) steps in a row, "
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
      if state.epoch < settings.epochs, isInterrupted() { return try interrupt() }
    }
    return .finished
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
    let order = shuffledRecords()
    while state.batch < batches {
      let count = trainer.groupShape?.groups ?? settings.batch
      let first = state.batch * count
      let outcome = try order.withUnsafeBufferPointer { order in
        try step(UnsafeBufferPointer(rebasing: order[first..<(first + count)]))
      }
      state.epochSeconds = before + (clock.now - start) / .seconds(1)
      onProgress(progress)
      if outcome == .refused, state.refusedInARow >= Self.mostRefusedSteps { return .diverged }
      if isInterrupted() { return .interrupted }
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

  private func step(_ records: UnsafeBufferPointer<Int32>) throws -> UpdateOutcome? {
    let batches = trainer.batchesPerEpoch
    let position = RandomPosition(
      seed: settings.seed, step: UInt32(truncatingIfNeeded: state.step))
    filler.fill(
      program, records, at: position, conditionDropout: trainer.conditionDropout)
    let klWeight = settings.klWeight.weight(epoch: state.epoch, batch: state.batch, of: batches)
    program.set(.klWeight, Float(klWeight))
    let share = settings.schedule.share(step: state.step, of: settings.epochs * batches)
    let outcome = try program.run(
      at: position, learningRate: settings.optimizer.learningRate * share)
    state.step += 1
    state.batch += 1
    if outcome == .refused {
      state.refusedSteps += 1
      state.refusedInARow += 1
    } else {
      state.refusedInARow = 0
      state.sums.add(program, rows: settings.batch)
    }
    return outcome
  }

  private var progress: TrainingProgress {
    TrainingProgress(
      epoch: state.epoch + 1, epochs: settings.epochs, batch: state.batch,
      batches: trainer.batchesPerEpoch, step: state.step, elbo: state.sums.means?.elbo,
      recordsPerSecond: recordsPerSecond)
  }

  var recordsPerSecond: Double {
    Double(state.batch * settings.batch) / max(state.epochSeconds, 1e-9)
  }
}
