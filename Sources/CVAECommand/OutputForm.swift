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
  case table(String, TableForm)

  init(_ path: String, _ format: FormatOption) throws {
    try format.check(path)
    if path == AtomicFile.standardOutput {
      self = .table(path, format.format ?? .csv)
      return
    }
    switch (path as NSString).pathExtension.lowercased() {
    case "png": self = .sheet(path)
    case "npz": self = .arrays(path)
    case "": self = .folder(path)
    case let ending:
      guard let form = TableForm(rawValue: ending) else {
        throw ValidationError(
          "--output ends in .\(ending), which can't be written; use .png, .npz, .csv, .tsv, .jsonl, "
            + "or a directory.")
      }
      self = .table(path, form)
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

  /// Writes records that are all in memory.
  ///
  /// - Parameters:
  ///   - table: The same records as a file has them.
  ///   - groups: How files of a directory are called.
  ///   - sheet: Their sheet; nil where no image was generated that can be shown.
  func write(
    _ records: GeneratedRecords, as table: RecordTable, groups: [RecordGroup],
    sheet: @autoclosure () -> SampleSheet?
  ) throws {
    switch self {
    case .sheet(let path):
      guard let sheet = sheet() else { return }
      try AtomicFile.write(sheet.pngData(), to: path)
    case .folder(let path):
      try RecordFolder(records: records, table: table, groups: groups).write(to: path)
    case .arrays, .table: try write(table)
    }
  }

  /// Writes a table, in a form that has rows.
  func write(_ table: RecordTable) throws {
    switch self {
    case .arrays(let path): try NPZ.write(table.arrays, to: path)
    case .table(let path, let form): try table.write(to: path, as: form)
    case .sheet, .folder: preconditionFailure("A table is neither a sheet nor a folder.")
    }
  }
}
