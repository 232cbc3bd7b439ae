import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
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
    let scores = try LevelScores(
      model, input: input, data: records.data, session: makeSession(),
      batch: min(batch, chosen.count))
    var found: [Int32] = []
    for rows in BatchRows(chosen, batch: min(batch, chosen.count)) {
      found += ModelClassification.likeliest(
        scores: try scores.run(rows, levels: records.levels, samples: samples),
        levels: records.levels)
    }
    let hits = zip(found, records.levels(of: chosen)).map { $0 == $1 }
    return ModelClassification(
      accuracy: ClassifierScores.share(hits), records: chosen.count, samples: samples)
  }
}
