import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph

extension TrainingLoop {
  enum EpochOutcome {
    case closed(EpochMetrics)
    case interrupted
    case diverged(cause: String)
  }

  /// Scores the epoch and writes its files: the model, then the line of metrics, then the
  /// checkpoint. A process that is killed between two of them repeats the epoch's end, or the
  /// epoch, when it is resumed, and writes the same bytes.
  func closeEpoch(isInterrupted wanted: () -> Bool) throws -> EpochOutcome {
    // Ranks that wait for each other's sums can't stop amid them.
    let isInterrupted = agreement == nil ? wanted : { false }
    let closing =
      if let averages {
        try averages.replacing(trainer.model.trainedParameters, in: session) {
          try scored(isInterrupted: isInterrupted)
        }
      } else {
        try scored(isInterrupted: isInterrupted)
      }
    guard let (line, snapshot, savesModel) = closing else { return .interrupted }
    guard snapshot.isFinite else {
      return .diverged(cause: "Parameters were no longer finite after epoch \(line.epoch)")
    }
    if trainer.writesFiles {
      if savesModel { try snapshot.save(to: trainer.run.modelPath) }
      try metrics?.append(line)
    }
    if state.isFinished || state.epoch % settings.checkpointEvery == 0 {
      try writeCheckpoint(of: averages == nil ? snapshot : nil)
    }
    return .closed(line)
  }

  /// The epoch's line, the model, and whether it should be saved; nil when the caller wanted to stop.
  private func scored(
    isInterrupted: () -> Bool
  ) throws -> (line: EpochMetrics, snapshot: TrainedModel, savesModel: Bool)? {
    guard try fitDeviations(isInterrupted: isInterrupted) else { return nil }
    var validation: ELBOMeans?
    if let evaluation, !trainer.split.validation.isEmpty {
      let held = try evaluation.run(over: trainer.split.validation, isInterrupted: isInterrupted)
      guard let held else { return nil }
      validation = held.terms.means
    }
    let line = line(validation: validation)
    let savesModel = advance(validation: validation)
    return (line, try snapshot(), savesModel)
  }

  /// Sets the Gaussians' deviations to what fits the training split best; false when the caller
  /// wanted to stop.
  private func fitDeviations(isInterrupted: () -> Bool) throws -> Bool {
    let deviations = trainer.model.fittedDeviations
    guard let evaluation, !deviations.isEmpty else { return true }
    guard let result = try evaluation.run(over: trainer.split.train, isInterrupted: isInterrupted)
    else { return false }
    for deviation in deviations {
      let all = Double(result.terms.records * deviation.input.features.width)
      let value = deviation.logDeviation(
        totalSquaredError: result.squaredErrors[deviation.input] ?? 0,
        values: max(result.targets[deviation.input] ?? all, 1))
      try session.setValue([value], of: deviation.parameter)
    }
    return true
  }

  private func line(validation: ELBOMeans?) -> EpochMetrics {
    EpochMetrics(
      epoch: state.epoch + 1, step: state.step,
      seconds: rounded(state.seconds + state.epochSeconds, to: 1e3),
      recordsPerSecond: rounded(recordsPerSecond, to: 10),
      train: state.sums.means ?? ELBOMeans(elbo: .nan, logLikelihood: .nan, kl: .nan),
      validation: validation, refusedSteps: state.refusedSteps == 0 ? nil : state.refusedSteps)
  }

  private func rounded(_ value: Double, to parts: Double) -> Double {
    (value * parts).rounded() / parts
  }

  /// Moves on to the next epoch; true if the model of this one should be saved.
  private func advance(validation: ELBOMeans?) -> Bool {
    state.epoch += 1
    state.batch = 0
    state.sums = TermSums()
    state.seconds += state.epochSeconds
    state.epochSeconds = 0
    var savesModel = true
    // While the KL weight rises or nats are free for a time, the bound says nothing about that at the end.
    let warmup = max(settings.klWeight.warmupEpochs, settings.freeBitsUntil ?? 0)
    if let validation, state.epoch > warmup {
      let isBest = validation.elbo > (state.best?.elbo ?? -.infinity)
      savesModel = isBest || state.best == nil || settings.earlyStopping == nil
      if isBest { state.best = TrainingState.Best(epoch: state.epoch, elbo: validation.elbo) }
      state.epochsSinceBest = isBest ? 0 : state.epochsSinceBest + 1
    }
    state.isFinished = state.epoch >= settings.epochs || stopsEarly
    return savesModel
  }

  /// Whether the validation bound has ceased to rise.
  var stopsEarly: Bool {
    settings.earlyStopping.map { state.epochsSinceBest >= $0.patience } ?? false
  }

  /// Writes a checkpoint of this moment.
  func interrupt() throws -> TrainingOutcome {
    try writeCheckpoint()
    return .interrupted(
      resume: "Stopped in epoch \(state.epoch + 1) after step \(state.step); continue with: "
        + resumption)
  }

  /// The command that goes on.
  private var resumption: String {
    let isOfPipe = trainer.data.source == ByteStream.standardInputName
    // Stored rows are all that is needed.
    let isPipeNeeded = isOfPipe && trainer.data.stored == nil
    let data =
      isPipeNeeded ? "- " : isOfPipe ? "" : "\(Self.quoted(trainer.data.source)) "
    let ranks = trainer.shares.ranks
    return (ranks > 1 ? "mpirun -n \(ranks) " : "")
      + "cvae train \(data)--output \(Self.quoted(trainer.run.path)) --resume"
      + (isPipeNeeded ? ", with the same data from the pipe" : "")
  }

  /// A word as a shell wants to read it.
  private static func quoted(_ word: String) -> String {
    let plain = word.allSatisfy { $0.isLetter || $0.isNumber || "_-./+,:@%".contains($0) }
    return plain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }

  /// The outcome of a run that diverged, with what to change; the files of the last epoch stay as they are.
  func diverged(_ cause: String) -> TrainingOutcome {
    let kept =
      FileManager.default.fileExists(atPath: trainer.run.modelPath)
      ? "\(RunDirectory.modelName) keeps the model of an earlier epoch"
      : "no epoch was finished, so there is no model"
    let clip = settings.gradientClip.map { "lower training.gradientClip (now \($0))" }
    return .diverged(
      reason: "\(cause), and \(kept); "
        + "lower training.optimizer.learningRate (now \(settings.optimizer.learningRate)) "
        + "or \(clip ?? "set training.gradientClip, for example to 5").")
  }
}
