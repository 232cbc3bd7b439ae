import ArgumentParser
import CVAETraining
import ConditionalData

/// The records that a command reads.
enum SplitName: String, CaseIterable, ExpressibleByArgument {
  case train, validation, test, all

  /// Its records, of data that a model knows.
  func records(of split: DataSplit, count: Int) -> [Int32] {
    switch self {
    case .train: split.train
    case .validation: split.validation
    case .test: split.test
    case .all: (0..<Int32(clamping: count)).map { $0 }
    }
  }

  /// The records of a split, and its name: all records of data that the model was not trained on, with a warning
  /// where a part of them was wanted.
  ///
  /// - Parameters:
  ///   - wanted: What the user named.
  ///   - usual: The split where nothing was named.
  /// - Throws: ``InvalidRequest`` for an empty split.
  static func records(
    _ wanted: SplitName?, or usual: SplitName, of data: DataSet, model: TrainedModel
  ) throws -> (name: String, records: [Int32]) {
    let chosen = wanted ?? usual
    let all = (0..<Int32(data.count)).map { $0 }
    if chosen == .all { return (chosen.rawValue, all) }
    guard let known = model.split(of: data) else {
      let lack = wanted.map { ", so they have no \($0.rawValue) split" } ?? ""
      Terminal.warn(
        "these are not the data that the model was trained on\(lack): "
          + "all \(data.count) records are scored."
          + (haveSameCount(data, model)
            ? " They are as many; the same records read with another schema.yaml count as others."
            : ""))
      return (SplitName.all.rawValue, all)
    }
    let records = chosen.records(of: known, count: data.count)
    guard !records.isEmpty else {
      throw InvalidRequest(
        "expected records in the \(chosen.rawValue) split, got none, as the run was trained with "
          + "validation \(model.provenance.validation); choose another --split.")
    }
    return (chosen.rawValue, records)
  }

  /// Whether data are split into as many training records as those that a model was trained on.
  private static func haveSameCount(_ data: DataSet, _ model: TrainedModel) -> Bool {
    let origin = model.provenance
    let split = try? DataSplit(
      data, seed: origin.splitSeed, validation: origin.validation, by: origin.splitBy)
    return split?.train.count == origin.trainingRecords
  }
}
