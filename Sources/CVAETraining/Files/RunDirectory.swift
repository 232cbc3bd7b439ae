import Foundation
import TensorFiles

/// A run's folder, and the names of its files.
public struct RunDirectory: Hashable, Sendable {
  /// The parameters that `generate` uses.
  public static let modelName = "model.safetensors"
  /// The state that `--resume` goes on from.
  public static let checkpointName = "checkpoint.safetensors"
  /// One line for each epoch.
  public static let metricsName = "metrics.jsonl"
  /// Times, host, paths, command line.
  public static let descriptionName = "run.json"
  /// A sheet of generated records.
  public static let samplesName = "samples.png"

  static let names = [modelName, checkpointName, metricsName, descriptionName, samplesName]

  /// The folder.
  public let path: String

  /// Names a folder, whether it exists or not.
  public init(_ path: String) { self.path = path }

  /// The model file.
  public var modelPath: String { file(Self.modelName) }
  /// The checkpoint.
  public var checkpointPath: String { file(Self.checkpointName) }
  /// The metrics.
  public var metricsPath: String { file(Self.metricsName) }
  /// What differs from run to run.
  public var descriptionPath: String { file(Self.descriptionName) }
  /// The sheet of samples.
  public var samplesPath: String { file(Self.samplesName) }

  private func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

  /// Makes the folder ready for a new run, or checks that it holds one to resume.
  ///
  /// `overwrite` removes an older run's files, and no others.
  ///
  /// - Throws: ``RunDirectoryFailure``, ``FileFailure``.
  public static func prepare(
    _ path: String, resume: Bool = false, overwrite: Bool = false
  ) throws -> RunDirectory {
    let run = RunDirectory(path)
    let files = FileManager.default
    var isFolder: ObjCBool = false
    let exists = files.fileExists(atPath: path, isDirectory: &isFolder)
    if exists && !isFolder.boolValue { throw RunDirectoryFailure(path: path, reason: .isFile) }
    if resume {
      guard files.fileExists(atPath: run.checkpointPath) else {
        throw RunDirectoryFailure(path: path, reason: exists ? .noCheckpoint : .absent)
      }
    } else if !overwrite, names.contains(where: { files.fileExists(atPath: run.file($0)) }) {
      throw RunDirectoryFailure(path: path, reason: .holdsRun)
    }
    try run.create()
    if !resume {
      for name in names where files.fileExists(atPath: run.file(name)) {
        try run.remove(name)
      }
    }
    try run.removePartialFiles()
    return run
  }

  private func create() throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true)
    } catch {
      throw RunDirectoryFailure(path: path, reason: .unwritable(Self.words(for: error)))
    }
    guard FileManager.default.isWritableFile(atPath: path) else {
      throw RunDirectoryFailure(path: path, reason: .unwritable("permission denied"))
    }
  }

  /// What a killed process left half written.
  private func removePartialFiles() throws {
    let found = try? FileManager.default.contentsOfDirectory(atPath: path)
    for name in found ?? [] where Self.names.contains(where: { name.hasPrefix(".\($0).partial-") }) {
      try remove(name)
    }
  }

  private func remove(_ name: String) throws {
    do {
      try FileManager.default.removeItem(atPath: file(name))
    } catch {
      throw RunDirectoryFailure(path: file(name), reason: .unwritable(Self.words(for: error)))
    }
  }

  private static func words(for error: any Error) -> String {
    let code = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let code else { return "\((error as NSError).localizedDescription)" }
    return String(cString: strerror(Int32(code.code)))
  }
}
