import CVAEGeneration
import CVAEModels
import CVAETraining
public import ConditionalData
import Foundation
import RecordTypes
import TensorGraph

extension Evaluator {
  /// The probability of each level of a category in each record, whatever level the data say it has.
  ///
  /// Each level is filled in, and scored by the importance-weighted bound with `samples` of z:
  ///
  /// * log p(x | y) + log p(y) of a given category, with its shares in the training records as p(y). Other given
  ///   fields are as they are in the record, and are taken for independent of the category.
  /// * log p(x) of a generated one, which is a part of x.
  /// * The same of rows of which any field may be given; there cells that are missing, and columns that the data
  ///   lack, take no part.
  /// * Where texts are among these fields, p(y | x) is the mean of the decoder's probabilities with all else given, over
  ///   `samples` of z from the prior: to score a text under each level would take long, and tells less.
  ///
  /// Equal calls give equal results, and a record's result doesn't depend on the other records.
  ///
  /// - Parameters:
  ///   - name: The category.
  ///   - records: Indices in `data`, whose levels of other categories are the model's.
  ///   - samples: Samples of z for each record, at least 1.
  ///   - onProgress: Called with the number of records that are done.
  /// - Throws: ``ClassificationFailure``; `UnknownName` for a field that doesn't exist; ``EvaluationFailure`` for
  ///   no records or samples, and for a record whose scores aren't finite; what `RecordFiller` throws for data that
  ///   don't fit the model.
  public func classify(
    _ data: DataSet, by name: String, records: [Int32], samples: Int,
    onProgress: (Int) -> Void = { _ in }
  ) throws -> Classification {
    guard samples >= 1 else { throw EvaluationFailure.noSamples(samples) }
    guard !records.isEmpty else { throw EvaluationFailure.noRecords(split: data.source) }
    let input = try category(name)
    let levels = input.field.levels.indices.map(Int32.init)
    let scorer = try scorer(data, input)
    var logProbabilities: [Double] = []
    logProbabilities.reserveCapacity(records.count * levels.count)
    let order = LengthOrder(records, of: data, model)
    for rows in BatchRows(order.records, batch: batch) {
      let scores = try scorer.run(rows, levels: levels, samples: samples)
      for row in 0..<rows.count {
        let own = scores.map { $0[row] }
        let total = Self.logSum(own)
        guard total.isFinite else {
          throw EvaluationFailure.notFinite(
            record: Int(rows.records[row]), source: data.source)
        }
        logProbabilities += own.map { $0 - total }
      }
      onProgress(logProbabilities.count / levels.count)
    }
    return Classification(
      field: input.field, records: records,
      logProbabilities: order.restored(logProbabilities, each: levels.count), samples: samples,
      shares: model.levelShares(of: input.field))
  }

  /// What scores the levels of a category.
  private func scorer(_ data: DataSet, _ input: FieldInput) throws -> any LevelScorer {
    if model.model.masksRows, model.model.inputs.contains(where: \.isText) {
      return try LevelPrediction(
        model, input: input, data: data, session: makeSession(), batch: batch)
    }
    return try LevelScores(
      model, input: input, data: complete(data, input), session: makeSession(), batch: batch)
  }

  /// Checks, before any data are read, that the model has learned a category of that name.
  ///
  /// - Throws: ``ClassificationFailure``, `UnknownName`.
  public func checkCategory(_ name: String) throws { _ = try category(name) }

  /// The variable of a category.
  private func category(_ name: String) throws -> FieldInput {
    let configuration = model.provenance.configuration
    let unused =
      configuration.ignore + model.preprocessing.leftOut
      + [configuration.training.splitBy, configuration.model.group].compactMap { $0 }
    if model.schema.position(of: name) == nil, unused.contains(name) {
      throw ClassificationFailure.unused(field: name)
    }
    let field = try model.schema.field(name)
    guard field.isCategory else {
      throw ClassificationFailure.noCategory(field: name, kind: field.kind.summary)
    }
    guard let input = model.model.inputs.first(where: { $0.name == name }) else {
      throw ClassificationFailure.unused(field: name)
    }
    return input
  }

  /// The data with a column for the level that is filled in, and one without values for each condition that they
  /// lack and that may be unknown.
  private func complete(_ data: DataSet, _ input: FieldInput) -> DataSet {
    let lacking = model.model.givenInputs.map(\.field).filter {
      model.model.acceptsMissing && $0.name != input.name && data.records[$0.name] == nil
    }
    return data.setting(
      [(input.field, .levels([Int32](repeating: 0, count: data.count)))]
        + lacking.map { ($0, .missing($0, count: data.count)) })
  }

  /// log Σ eˣ; not finite if a number isn't.
  private static func logSum(_ numbers: [Double]) -> Double {
    guard let largest = numbers.max(), numbers.allSatisfy(\.isFinite) else { return .nan }
    return largest + log(numbers.reduce(0) { $0 + exp($1 - largest) })
  }
}
