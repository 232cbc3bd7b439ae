import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph

/// Scores the levels of a category for records.
protocol LevelScorer {
  /// log p of each of `levels`, up to a constant of the record, for a batch's rows that count.
  func run(_ rows: BatchRows.Rows, levels: [Int32], samples: Int) throws -> [[Double]]
}

/// Scores the levels of a category for records: log p(x, y) up to a constant of the record, by the
/// importance-weighted bound with each level filled in.
///
/// A given category has log p(x | y) + log p(y); a generated one is a part of x. All levels share their random
/// numbers, so that differences between levels vary less than the bounds do.
final class LevelScores: LevelScorer {
  private let recognition: RecognitionPass
  private let importance: ImportancePass
  private let input: FieldInput
  /// log p(y) of each level of a given category; zeros for a generated one.
  private let logPriors: [Double]

  /// - Parameters:
  ///   - input: The category.
  ///   - data: Records in which it has levels, whatever they are.
  init(
    _ model: TrainedModel, input: FieldInput, data: DataSet, session: any ExecutionSession,
    batch: Int
  ) throws {
    let meaning: RecordFiller.Meaning = model.model.masksRows ? .partlyObserved : .observed
    recognition = try RecognitionPass(
      model, data: data, session: session, batch: batch, meaning: meaning)
    importance = try ImportancePass(
      model, data: data, session: session, batch: batch, meaning: meaning)
    self.input = input
    logPriors =
      input.isGiven
      ? model.levelShares(of: input.field).map { log($0) } : input.field.levels.map { _ in 0 }
  }

  /// The scores of a batch's rows that count, for each of `levels`.
  func run(_ rows: BatchRows.Rows, levels: [Int32], samples: Int) throws -> [[Double]] {
    try levels.map { level in
      let assumed = AssumedLevel(input: input, level: level)
      let recognised = try recognition.run(rows, change: assumed.write)
      let scores = try importance.run(
        rows, recognised: recognised, samples: samples, assuming: assumed)
      return scores.logLikelihood.prefix(rows.count).map { $0 + logPriors[Int(level)] }
    }
  }
}

extension TrainedModel {
  /// The share of each level of a category in the training records; a level that none of them has counts as one
  /// record, so that nothing is impossible.
  func levelShares(of field: Field) -> [Double] {
    let counts = preprocessing.levelCounts[field.name] ?? []
    let weights = field.levels.indices.map { level in
      counts.indices.contains(level) ? Double(max(1, counts[level])) : 1
    }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }
}
