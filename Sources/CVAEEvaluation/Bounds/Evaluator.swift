import CVAEGeneration
import CVAEModels
public import CVAETraining
public import ConditionalData
import RecordTypes
public import TensorGraph

/// Scores a trained model on records.
///
/// Recognition runs once for each record; then `samples` importance samples of z are drawn from
/// q(z | x, y), keyed by the model's seed, the sample's number and the record, so that equal calls
/// give equal reports.
///
/// ```swift
/// let evaluator = try Evaluator(model: .load("run"), executor: executor)
/// print(try evaluator.evaluate(data, records: split.test, samples: 64).table)
/// ```
public struct Evaluator {
  let model: TrainedModel
  let batch: Int
  /// What hides cells of masked fields while scoring.
  let masks: MaskDistribution
  package let executor: any Executor

  /// Prepares to score with `model`, `batch` records at a time, at least 1.
  ///
  /// - Parameter masks: For a model that was trained with `given: any`, what hides pixels or fields: only
  ///   those are scored. Nil hides pixels by the masks of the run's validation, and all fields of rows.
  public init(
    model: TrainedModel, executor: any Executor, batch: Int = 500, masks: MaskDistribution? = nil
  ) {
    self.model = model
    self.executor = executor
    // The logits of all tokens of a batch of texts lie in memory at once.
    self.batch = max(1, model.model.inputs.contains(where: \.isText) ? min(batch, 64) : batch)
    self.masks =
      masks
      ?? (model.model.masksRows
        ? .nothingGiven
        : model.provenance.configuration.training.maskDistribution(for: model.model))
  }

  /// The bounds of `records`. Where records of a group share z, whole groups are scored, and each record
  /// bears its share.
  ///
  /// Log-likelihoods are those of the data in their own units: a number or vector that the model
  /// sees standardised is scored as it was before. An image's values stay in [0, 1].
  ///
  /// - Parameters:
  ///   - records: Indices in `data`.
  ///   - samples: Importance samples for each record; the bound on the log-likelihood tightens with
  ///     them.
  ///   - split: What the records are called in the report.
  /// - Throws: ``EvaluationFailure`` for no records or samples, and for a record whose score isn't
  ///   finite; what `RecordFiller` throws for data that don't fit the model.
  public func evaluate(
    _ data: DataSet, records: [Int32], samples: Int, split: String = "all"
  ) throws -> EvaluationReport {
    guard samples >= 1 else { throw EvaluationFailure.noSamples(samples) }
    guard !records.isEmpty else { throw EvaluationFailure.noRecords(split: split) }
    if let field = model.model.configuration.group {
      return try evaluateGroups(
        by: field, data, records: records, samples: samples, split: split)
    }
    let batch = batch(of: records.count)
    let session = try makeSession()
    let recognition = try RecognitionPass(
      model, data: data, session: session, batch: batch, masks: masks)
    let importance = try ImportancePass(
      model, data: data, session: session, batch: batch, masks: masks)
    let units = ScoreUnits(model: model, data: data, records: records)
    var tally = ReportTally(model: model, units: units, samples: samples)
    // Each record's z is exchanged for that of the next one.
    let order = LengthOrder(records, of: data, model)
    let others = order.sorted(Array(records.dropFirst() + records.prefix(1)))
    let batches = Array(
      zip(BatchRows(order.records, batch: batch), BatchRows(others, batch: batch)))
    let sharing = BatchSharing(executor.communicator)
    try sharing.run(batches) { rows, other in
      let recognised = try recognition.run(rows)
      let scores = try importance.run(rows, recognised: recognised, samples: samples)
      let exchanged =
        records.count > 1
        ? try importance.run(
          rows, recognised: recognised.withPosteriors(of: recognition.run(other)), samples: 1)
        : nil
      return ScoredBatch(
        recognised: recognised.gaussians, scores: scores, exchanged: exchanged)
    } collect: { batch, scored in
      try tally.add(
        scored.recognised, scored.scores, rows: batch.0, source: data.source,
        exchanged: scored.exchanged)
    }
    var report = tally.report(split: split)
    if !model.roles.masked.isEmpty, !model.model.masksRows { report.masks = masks.name }
    return report
  }

  /// The records of a batch where there are so many: products of other sizes round differently, and a text has one score.
  func batch(of records: Int) -> Int {
    model.model.inputs.contains(where: \.isText) ? batch : min(batch, records)
  }

  /// A session with the trained parameters.
  func makeSession() throws -> any ExecutionSession { try model.makeSession(executor) }
}
