import ArgumentParser
import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import Figures
import Foundation
import PictureData
import RecordTypes
import TensorFiles

/// The form of generated records, chosen by the output's extension.
enum OutputForm {
  case sheet(String)
  case folder(String)
  case arrays(String)
  case table(String, separator: UInt8)
  case lines(String)

  init(_ path: String) throws {
    switch (path as NSString).pathExtension.lowercased() {
    case "png": self = .sheet(path)
    case "npz": self = .arrays(path)
    case "csv": self = .table(path, separator: UInt8(ascii: ","))
    case "tsv": self = .table(path, separator: UInt8(ascii: "\t"))
    case "jsonl": self = .lines(path)
    case "": self = .folder(path)
    case let other:
      throw ValidationError(
        "--output ends in .\(other), which can't be written; use .png, .npz, .csv, .tsv, .jsonl, "
          + "or a directory.")
    }
  }

  /// Refuses before anything is computed.
  func check(_ model: TrainedModel) throws {
    guard case .sheet(let path) = self else { return }
    let images = model.model.generatedFields.filter(\.isImage)
    guard let first = images.first else {
      throw InvalidRequest(
        "\(path): a .png sheet needs an image, and this model generates "
          + model.roles.generated.map { "'\($0)'" }.joined(separator: ", ")
          + "; use .csv, .npz or .jsonl.")
    }
    guard images.contains(where: { $0.imageSize?.isDrawable == true }) else {
      throw InvalidRequest(
        "\(path): a .png sheet needs an image of 1 or 3 channels, and '\(first.name)' is "
          + "\(first.kind.summary); use .npz, .csv or .jsonl.")
    }
  }

  func write(_ records: GeneratedRecords, request: GenerationRequest) throws {
    try write(
      records, folders: request, inputs: nil, sheet: SampleSheet(records, request: request))
  }

  /// Writes records; their sheet is already drawn.
  ///
  /// - Parameters:
  ///   - folders: How files of a directory are called.
  ///   - inputs: The record that each was made from, for tables; nil for no such column.
  func write(
    _ records: GeneratedRecords, folders: GenerationRequest, inputs: [Int32]?,
    sheet: @autoclosure () -> SampleSheet?
  ) throws {
    switch self {
    case .sheet(let path):
      guard let sheet = sheet() else { return }
      try AtomicFile.write(sheet.pngData(), to: path)
    case .folder(let path): try RecordFolder(records: records, request: folders).write(to: path)
    case .arrays, .table, .lines: try write(records.table(inputs: inputs))
    }
  }

  /// Writes a table, in a form that has rows.
  func write(_ table: RecordTable) throws {
    switch self {
    case .arrays(let path): try NPZ.write(table.arrays, to: path)
    case .table(let path, let separator): try table.write(to: path, separator: separator)
    case .lines(let path): try table.writeLines(to: path)
    case .sheet, .folder: preconditionFailure("A table is neither a sheet nor a folder.")
    }
  }
}
