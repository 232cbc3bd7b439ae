import ArgumentParser
import CVAEEvaluation
import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import Figures
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph

/// What training prints, and the pictures that it refreshes after each epoch.
struct TrainingReport {
  let trainer: Trainer
  let run: RunDirectory
  /// Whether the command line says how many epochs there are.
  let hasChosenEpochs: Bool
  /// How many processes train together.
  let ranks: Int
  /// What computes, for the line that says what will be done: `on xla:cpu`; nil for the processor by oneDNN.
  let device: String?
  private(set) var drawnAt = ContinuousClock.now

  /// The most fields that are described.
  private static let mostFields = 100
  /// Fewer steps of training seldom suffice.
  private static let fewSteps = 1000
  /// Processors with AVX-512 take so many channels at once.
  private static let channelsOfBlock = 16
  /// The most ranks whose times are told.
  private static let mostRanks = 16
  /// The most lines about what takes no part.
  private static let mostUnused = 30

  /// Prints what will be done, before the first step; for a table also what each column was taken for, and for a
  /// folder of pictures or texts what was found.
  func announce() {
    let fields = trainer.model.schema.fields
    if trainer.data.isTable || !trainer.data.summaries.isEmpty || fields.contains(where: \.isText) {
      Terminal.note("\(trainer.data.source):")
      for field in fields.prefix(Self.mostFields) {
        Terminal.note("  " + summary(of: field) + holes(in: field))
      }
      let others = fields.count - Self.mostFields
      if others > 0 { Terminal.note("  … and \(others) more, which 'cvae inspect' lists") }
      let unused = unused
      for line in unused.prefix(Self.mostUnused) { Terminal.note("  " + line) }
      let more = unused.count - Self.mostUnused
      if more > 0 { Terminal.note("  … and \(more) more that are left out") }
      let decided = trainer.model.decidedFields
      if !decided.isEmpty {
        Terminal.note(
          "  Only combinations of training records are drawn: \(NameList.text(decided, atMost: 20))."
        )
      }
    }
    let training = trainer.configuration.training
    let split = trainer.split
    if let sentence = smallness { Terminal.warn(sentence) }
    let steps = trainer.batchesPerEpoch
    let isStored = trainer.data.totalCount > trainer.data.count
    if !hasChosenEpochs, fields.contains(where: \.isImage),
      steps * training.epochs < Self.fewSteps
    {
      Terminal.warn(
        "\(NameList.count(steps * training.epochs, "step")) of training are few: less than "
          + "\(Self.fewSteps). More epochs, or a smaller batch, make more.")
    }
    let narrow = (trainer.model.configuration.convolution.widths ?? []).filter {
      $0 % Self.channelsOfBlock != 0
    }
    if !narrow.isEmpty {
      Terminal.warn(
        "model.convolution.widths: \(NameList.text(narrow.map { "\($0)" }, atMost: 10)) of the widths "
          + "are no multiples of \(Self.channelsOfBlock), which can make convolutions ten times slower; "
          + "round them up.")
    }
    let levels = trainer.model.detailLevels
    if !levels.isEmpty {
      Terminal.note(
        "Beside z, pictures have latent numbers at scales of "
          + NameList.text(levels.map { "\($0.extent) px (\($0.count))" }, atMost: 10)
          + ": levels of detail, whose KL divergences are stated one by one.")
    }
    Terminal.note(
      "Training \(trainer.model.store.count) parameters on \(trainer.trainingCount) records"
        + (split.validation.isEmpty
          ? ""
          : ", \(isStored ? "a sample of " : "")\(split.validation.count) held out for validation")
        + (split.test.isEmpty
          ? "" : ", \(isStored ? "a sample of " : "")\(split.test.count) for testing")
        + "; batch \(training.batch), \(NameList.count(steps, "step")) an epoch, \(training.precision.rawValue), "
        + (device ?? NameList.count(training.threads ?? 1, "thread"))
        + (ranks == 1 ? "." : " on each of \(ranks) ranks."))
  }

  /// What takes no part and why, a line for each: columns that became no field, those that the settings leave out,
  /// and files.
  private var unused: [String] {
    let data = trainer.data
    let settings = trainer.configuration
    var reasons: [String: String] = [:]
    for case .leftOut(let column, let reason, let cells) in data.remarks.map(\.content) {
      reasons[column] = ", as \(reason)\(cells)"
    }
    let used = Set(trainer.model.schema.fields.map { ByteText($0.name) })
    let others = data.schema.fields.map(\.name).filter { !used.contains(ByteText($0)) }
    for name in others {
      reasons[name] =
        settings.ignore.contains(name)
        ? ", as it is to be ignored"
        : ": records are only \(settings.training.splitBy == name ? "split" : "grouped") by it"
    }
    let columns = (data.leftOut + others).map { name in
      "\(name): left out\(reasons[name] ?? ", as schema.yaml ignores it")"
    }
    return columns
      + data.remarks.compactMap { note in
        if case .files(let text) = note.content { return text }
        return nil
      }
  }

  /// What a table of few rows doesn't allow.
  private var smallness: String? {
    let split = trainer.split
    guard trainer.data.isTable, split.train.count < ColumnRules.leastOfTable else { return nil }
    return
      "\(split.train.count) training records are few: columns that decide others are only found among at "
      + "least \(ColumnRules.leastOfTable), and "
      + (split.validation.isEmpty
        ? "none is held out for validation."
        : "validation on \(NameList.count(split.validation.count, "record")) says little.")
  }

  /// `price: given, a number, 0 decimals, 326 to 18823`; no role where any field may be given.
  private func summary(of field: Field) -> String {
    let isGiven = trainer.model.roles.isGiven(field.name)
    let role = trainer.model.masksRows ? "" : isGiven ? "given, " : "generated, "
    let data = trainer.data
    let summary =
      data.summaries[field.name] ?? (data.isTable ? nil : data.levelCounts(of: field))
      ?? trainer.preprocessing.summary(of: field, levels: 6)
    let cut = trainer.cutTexts[field.name].map { count in
      "; \(NameList.count(count, "text")) of more tokens \(count == 1 ? "is" : "are") cut"
    }
    return "\(field.name): \(role)\(summary)" + (cut ?? "") + oddity(of: field)
  }

  /// `; it is taken as …`: what the user should know of a column's cells.
  private func oddity(of field: Field) -> String {
    for case .taken(let column, let text) in trainer.data.remarks.map(\.content)
    where ByteText(column) == ByteText(field.name) {
      return "; it \(text)"
    }
    return ""
  }

  /// `; 12.5 % missing` of all records, and which texts stood for that in how many cells of a table:
  /// `: 9 empty, 60 'NA'`; nothing where all is there.
  private func holes(in field: Field) -> String {
    guard let column = trainer.data.records[field.name], column.hasMissing else { return "" }
    let missing = (0..<column.count).count { !column.isKnown($0) }
    let share = Double(missing) / Double(max(1, column.count))
    let texts = (trainer.data.missingTexts[field.name] ?? [:]).sorted { $0.key < $1.key }
    let cells = texts.map { "\($0.value) \($0.key.isEmpty ? "empty" : "'\($0.key)'")" }
    return "; \(String(format: "%.2g", 100 * share)) % missing"
      + (cells.isEmpty ? "" : ": " + cells.joined(separator: ", "))
  }

  /// A progress bar on a terminal; nothing in a log.
  mutating func show(_ progress: TrainingProgress) {
    guard Terminal.isInteractive, drawnAt.duration(to: .now) > .milliseconds(100) else { return }
    drawnAt = .now
    let width = 24
    let filled = progress.batch * width / max(1, progress.batches)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    let elbo = progress.elbo.map { "  ELBO \($0.text(2))" } ?? ""
    Terminal.redraw(
      "epoch \(progress.epoch)/\(progress.epochs) \(bar)\(elbo)"
        + "  \(Int(progress.recordsPerSecond)) records/s")
  }

  /// Prints one line for the epoch, and refreshes the pictures.
  func finish(_ metrics: EpochMetrics) throws {
    if Terminal.isInteractive { Terminal.clearLine() }
    var line = "epoch \(metrics.epoch)/\(trainer.configuration.training.epochs)"
    line += "  train ELBO \(metrics.train.elbo.text(2))"
    line +=
      " (log-likelihood \(metrics.train.logLikelihood.text(2)), "
      + "KL \(metrics.train.kl.text(2))\(levels(metrics.train)))"
    if let validation = metrics.validation {
      line += "  validation ELBO \(validation.elbo.text(2))"
    }
    line += "  \(Int(metrics.recordsPerSecond)) records/s"
    if let refused = metrics.refusedSteps, refused > 0 {
      line += "  (\(refused) steps refused: not finite, or far larger than usual)"
    }
    Terminal.note(line)
    try drawCurve()
    try drawSamples()
  }

  /// `: z 13.02, 7 px 49.11, 14 px 35.20`; nothing for a model without levels of details.
  private func levels(_ means: ELBOMeans) -> String {
    guard let parts = means.klByLevel else { return "" }
    let names = ["z"] + trainer.model.detailLevels.map { "\($0.extent) px" }
    return ": " + zip(names, parts).map { "\($0) \($1.text(2))" }.joined(separator: ", ")
  }

  private func drawCurve() throws {
    let metrics = try run.metrics()
    let best = trainer.configuration.training.earlyStopping.flatMap { _ in
      metrics.max { ($0.validation?.elbo ?? -.infinity) < ($1.validation?.elbo ?? -.infinity) }
    }
    let curve = LearningCurve(metrics, bestEpoch: best?.epoch)
    try AtomicFile.write(curve.pngData(), to: run.learningCurvePath)
  }

  private func drawSamples() throws {
    do {
      guard let sheet = try EpochSamples.sheet(of: run) else { return }
      try AtomicFile.write(sheet.pngData(), to: run.samplesPath)
    } catch let failure as GenerationFailure {
      Terminal.warn("no samples were drawn: \(failure)")
    }
  }

  /// Prints how it went.
  ///
  /// - Parameters:
  ///   - times: Where each process's time went.
  ///   - json: Whether one JSON object goes to standard output.
  func end(_ outcome: TrainingOutcome, times: [RankTimes], json: Bool) throws {
    Terminal.clearLine()
    let word: String
    switch outcome {
    case .finished:
      word = "finished"
      Terminal.note("Finished: \(run.modelPath).")
    case .interrupted(let resume):
      word = "interrupted"
      Terminal.note(resume)
    case .stoppedEarly(let bestEpoch):
      word = "stopped early, best epoch \(bestEpoch)"
      Terminal.note(
        "Stopped early: validation no longer improves; \(run.modelPath) is that of epoch "
          + "\(bestEpoch).")
    case .diverged(let reason):
      word = "diverged"
      Terminal.note("Error: \(reason)")
    }
    try run.recordEnd(outcome: word)
    if ranks > 1 {
      for line in times.prefix(Self.mostRanks).map(\.summary) { Terminal.note("  \(line)") }
      let others = times.count - Self.mostRanks
      if others > 0 { Terminal.note("  … and \(others) more ranks, which --json lists") }
    }
    guard json else { return }
    let last = try run.metrics().last
    let summary = Summary(
      outcome: word, epochs: last?.epoch ?? 0, steps: last?.step ?? 0,
      recordsPerSecond: last?.recordsPerSecond, train: last?.train, validation: last?.validation,
      ranks: times)
    try Terminal.result(summary.jsonLine, isJSON: true)
  }

  /// What `--json` prints.
  private struct Summary: Encodable {
    let outcome: String
    let epochs: Int
    let steps: Int
    let recordsPerSecond: Double?
    let train: ELBOMeans?
    let validation: ELBOMeans?
    let ranks: [RankTimes]
  }
}
