import CVAETraining
import ConditionalData
import Foundation
import PictureData

extension DataSet {
  /// Reads data for a model: pictures in its size, with decoded ones cached in its run's folder, and levels in
  /// its order. Which files of other data than those of the training were left out goes to standard error; what columns
  /// are taken for was said before the training.
  ///
  /// - Parameter name: A category that the data may lack, and of which levels that the model doesn't know are kept.
  static func load(
    _ path: String, schemaFile: String?, for model: TrainedModel,
    keepingUnknownOf name: String? = nil
  ) throws -> DataSet {
    let data = try load(
      path, schemaFile: schemaFile, for: model, keepingUnknownOf: name,
      readers: DataReader.all(cache: cache(of: model), mayLackLabels: name != nil))
    data.warn(ofFiles: model.fingerprint(of: data) != model.provenance.dataFingerprint)
    return data
  }

  /// Samples of a table that a model was trained on block by block, from the rows in its run's folder; nil for other
  /// data, and where that folder no longer has them.
  static func samples(
    _ path: String, schemaFile: String?, for model: TrainedModel
  ) throws -> DataSet? {
    let origin = model.provenance
    guard origin.configuration.training.shuffle == .blocks, let file = model.path else {
      return nil
    }
    let run = RunDirectory(URL(fileURLWithPath: file).deletingLastPathComponent().path)
    let cache = TableCache(run.tableCachePath)
    guard let table = try cache.table(of: path, schemaFile: schemaFile),
      table.fingerprint == origin.dataFingerprint
    else { return nil }
    let data = try DataSet(
      table, seed: origin.splitSeed, validation: origin.validation, by: origin.splitBy)
    if data.totalCount > data.count {
      Terminal.note(
        "\(path): of \(data.totalCount) records samples are scored, \(data.count) in all.")
    }
    return data
  }

  /// Prints what went wrong while the data were read, and optionally which files were left out.
  func warn(ofFiles: Bool = false) {
    for note in remarks {
      switch note.content {
      case .warning: Terminal.warn(note.sentence)
      case .files: if ofFiles { Terminal.warn(note.sentence) }
      case .leftOut, .taken: break
      }
    }
  }

  /// The cache in a run's folder; nil for a model file on its own.
  private static func cache(of model: TrainedModel) -> PictureCache? {
    guard let path = model.path else { return nil }
    let run = RunDirectory(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    return FileManager.default.fileExists(atPath: run.descriptionPath)
      ? PictureCache(run.pictureCachePath) : nil
  }
}

extension DataReader {
  /// The readers that the command uses: those of every form of data.
  static func all(cache: PictureCache?, mayLackLabels: Bool = false) -> [DataReader] {
    builtIn + [.pictures(cache: cache, mayLackLabels: mayLackLabels)]
      + (mayLackLabels ? textsAlone : [])
  }
}
