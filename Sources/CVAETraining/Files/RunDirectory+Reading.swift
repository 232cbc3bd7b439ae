import Foundation
import TensorFiles

extension RunDirectory {
  /// Whether an epoch was finished and its model written.
  public var hasModel: Bool { FileManager.default.fileExists(atPath: modelPath) }

  /// Whether a run lies in the folder: its `run.json`, or a model or checkpoint with a complete header.
  public var holdsRun: Bool { isDescribed || holdsModel(modelPath) || holdsModel(checkpointPath) }

  /// Whether there is a `run.json` that describes a run.
  private var isDescribed: Bool { runDescription?.sessions.isEmpty == false }

  private func holdsModel(_ path: String) -> Bool {
    let texts = (try? SafetensorsFile.metadata(of: path)) ?? [:]
    return TrainedModel.metadataKeys.allSatisfy(texts.keys.contains)
  }

  /// Whether a file with the name of a run's file was written by a run, as far as can be seen: pages, models
  /// and metrics are recognised by their content, others by the run that is described beside them.
  func wasWritten(_ name: String) -> Bool {
    let path = file(name)
    switch name {
    case Self.modelName, Self.checkpointName: return isDescribed || holdsModel(path)
    case Self.metricsName: return isDescribed || (try? metrics()) != nil
    case Self.reportName: return begins(path) { $0.contains(Self.reportMark) }
    case Self.samplesName, Self.learningCurveName:
      return isDescribed && begins(path) { $0.dropFirst().hasPrefix("PNG") }
    default: return isDescribed
    }
  }

  private func begins(_ path: String, _ isRight: (String) -> Bool) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    let head = (try? file.read(upToCount: 500)) ?? Data()
    return isRight(String(decoding: head, as: UTF8.self))
  }

  /// The settings of the run that the checkpoint goes on with.
  ///
  /// - Throws: ``RunDirectoryFailure`` where there is no run to resume, and what reading the
  ///   checkpoint throws.
  public func checkpointConfiguration() throws -> RunConfiguration {
    guard FileManager.default.fileExists(atPath: checkpointPath) else {
      let exists = FileManager.default.fileExists(atPath: path)
      throw RunDirectoryFailure(path: path, reason: exists ? .noCheckpoint : .absent)
    }
    return try Checkpoint.load(checkpointPath).configuration
  }

  /// The lines of `metrics.jsonl`; none where there is no such file.
  ///
  /// - Throws: `DecodingError` for a line that was changed by hand.
  public func metrics() throws -> [EpochMetrics] {
    guard let bytes = FileManager.default.contents(atPath: metricsPath) else { return [] }
    return try String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      try JSONText.decode(EpochMetrics.self, from: String($0))
    }
  }

  /// The schema file that the run was started with, for one that goes on.
  public func schemaFile(resuming: Bool) -> String? {
    resuming ? runDescription?.sessions.last?.schema : nil
  }
}
