import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph

extension Evaluator {
  /// Classifies at most `most` test records by the model's own bound under each level.
  func classification(
    of subject: ControlSubject, records: ControlRecords, most: Int, samples: Int
  ) throws -> ModelClassification {
    let chosen = ControlRecords.sample(
      records.test, count: most, purpose: "classification", seed: model.seed)
    let inputs = model.model.givenInputs.filter { $0.field.name == subject.category.name }
    guard let input = inputs.first else {
      preconditionFailure("'\(subject.category.name)' is given.")
    }
    let scores = try records.levels.map { level in
      try logLikelihoods(
        records.data, records: chosen, samples: samples,
        assuming: AssumedLevel(input: input, level: level))
    }
    let counts = model.preprocessing.levelCounts[subject.category.name] ?? []
    // A level that the model's own training records lacked counts as one record.
    let weights = records.levels.map { level in
      counts.indices.contains(Int(level)) ? Double(max(1, counts[Int(level)])) : 1
    }
    let total = weights.reduce(0, +)
    let found = ModelClassification.likeliest(
      scores: scores, logPriors: weights.map { log($0 / total) }, levels: records.levels)
    let hits = zip(found, records.levels(of: chosen)).map { $0 == $1 }
    return ModelClassification(
      accuracy: ClassifierScores.share(hits), records: chosen.count, samples: samples)
  }

  /// The bound on log p(x | y) of each record under an assumed level.
  private func logLikelihoods(
    _ data: DataSet, records: [Int32], samples: Int, assuming level: AssumedLevel
  ) throws -> [Double] {
    let batch = min(batch, records.count)
    let session = try makeSession()
    let recognition = try RecognitionPass(model, data: data, session: session, batch: batch)
    let importance = try ImportancePass(model, data: data, session: session, batch: batch)
    var scores: [Double] = []
    for rows in BatchRows(records, batch: batch) {
      let recognised = try recognition.run(rows, change: level.write)
      let own = try importance.run(
        rows, recognised: recognised, samples: samples, assuming: level)
      scores += own.logLikelihood.prefix(rows.count)
    }
    return scores
  }
}
