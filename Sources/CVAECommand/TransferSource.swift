import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import PictureData
import RecordTypes
import TensorFiles

/// Where the records come from whose style is carried over.
struct TransferSource {
  let inputs: [String]
  let records: [Int32]?
  let split: SplitName?
  let count: Int
  let schemaFile: String?

  /// Whether the inputs are picture files.
  private var arePictures: Bool {
    inputs.allSatisfy(PictureName.isPicture)
  }

  /// Reads the inputs; `from` is their own condition.
  func load(from: [String: GivenValue], model: TrainedModel) throws -> TransferInputs {
    if arePictures { return try loadPictures(from: from, model: model) }
    guard inputs.count == 1 else {
      throw InvalidRequest(
        "expected one data set or only picture files (.png, .jpg, .webp), got "
          + "\(inputs.joined(separator: ", ")); name one data set.")
    }
    let data = try DataSet.load(inputs[0], schemaFile: schemaFile, for: model)
    return try TransferInputs(data, records: chosen(of: data, model), from: from, model: model)
  }

  /// What inputs are called: by their files, or by their numbers.
  func names(of chosen: TransferInputs) -> [String] {
    arePictures
      ? inputs.map { ($0 as NSString).lastPathComponent }
      : chosen.numbers.map { "record \($0)" }
  }

  private func chosen(of data: DataSet, _ model: TrainedModel) throws -> [Int32] {
    if let records { return records }
    guard let known = model.split(of: data) else {
      if let split, split != .all {
        Terminal.warn(
          "these are not the data that the model was trained on, so they have no "
            + "\(split.rawValue) split: records are taken from all \(data.count).")
      }
      return (0..<Int32(clamping: min(count, data.count))).map { $0 }
    }
    let chosen = split ?? .test
    let records = chosen.records(of: known, count: data.count)
    guard !records.isEmpty else {
      throw InvalidRequest(
        "expected records in the \(chosen.rawValue) split, got none; choose another "
          + "--split, or name records with --records.")
    }
    return Array(records.prefix(count))
  }

  private func loadPictures(
    from: [String: GivenValue], model: TrainedModel
  ) throws -> TransferInputs {
    for (option, isSet) in [
      ("--records", records != nil), ("--split", split != nil), ("--schema", schemaFile != nil),
    ] where isSet {
      throw InvalidRequest("\(option) chooses from a data set, but the inputs are picture files.")
    }
    guard let size = model.model.generatedInputs.lazy.compactMap(\.field.imageSize).first else {
      throw TransferFailure.noPictures(generated: model.roles.generated)
    }
    let pictures = try inputs.map { try Picture.read($0, size: size) }
    return try TransferInputs(
      pictures: pictures, source: inputs[0], from: from, model: model)
  }
}
