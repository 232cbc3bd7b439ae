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
  /// The learning curve as a picture.
  public static let learningCurveName = "learning-curve.png"

  /// One page about the run.
  public static let reportName = "report.html"
  /// What marks a page about a run as the program's own.
  public static let reportMark = "<meta name=\"generator\" content=\"swift-cvae\">"
  /// A folder of decoded pictures, where there are many.
  public static let pictureCacheName = "pictures.cache"

  /// The names of the files that training and the report write.
  public static let names = [
    modelName, checkpointName, metricsName, descriptionName, samplesName, learningCurveName,
    reportName,
  ]

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
  /// The learning curve as a picture.
  public var learningCurvePath: String { file(Self.learningCurveName) }
  /// The page about the run.
  public var reportPath: String { file(Self.reportName) }
  /// The folder of decoded pictures.
  public var pictureCachePath: String { file(Self.pictureCacheName) }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String {
    path.hasSuffix("/") ? path + name : "\(path)/\(name)"
  }

  /// Makes the folder ready for a new run, or checks that it holds one to resume.
  ///
  /// `overwrite` removes an older run's files, and no others: files of the same names in a folder that
  /// holds no run, links, and folders are refused. Make the ``Trainer`` before, so that data or settings
  /// it refuses cost no old run.
  ///
  /// - Throws: ``RunDirectoryFailure``, ``FileFailure``.
  public static func prepare(
    _ path: String, resume: Bool = false, overwrite: Bool = false
  ) throws -> RunDirectory {
    let run = try check(path, resume: resume, overwrite: overwrite)
    try run.create()
    if !resume {
      for name in names where run.kind(of: name) != nil { try run.remove(name) }
    }
    PartialFiles.remove(in: path, of: names.contains)
    return run
  }

  /// Checks what ``prepare(_:resume:overwrite:)`` checks, and changes nothing.
  ///
  /// - Throws: ``RunDirectoryFailure``.
  @discardableResult
  public static func check(
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
    } else if let first = names.first(where: { run.kind(of: $0) != nil }) {
      guard run.holdsRun else {
        throw RunDirectoryFailure(path: path, reason: .holdsForeign(first))
      }
      guard overwrite else { throw RunDirectoryFailure(path: path, reason: .holdsRun) }
      let isForeign = { (name: String) in
        switch run.kind(of: name) {
        case nil: false
        case S_IFREG?: !run.wasWritten(name)
        default: true
        }
      }
      if let other = names.first(where: isForeign) {
        throw RunDirectoryFailure(path: path, reason: .holdsForeign(other))
      }
    }
    return run
  }

  /// Makes the folder and those above it.
  private func create() throws {
    var folder = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      folder += part
      if mkdir(folder, 0o777) != 0, errno != EEXIST { throw failure(at: path) }
      folder += "/"
    }
    if access(path + "/", W_OK | X_OK) != 0 { throw failure(at: path) }
  }

  private func remove(_ name: String) throws {
    if !PartialFiles.removePlainFile(file(name)) { throw failure(at: file(name)) }
  }

  /// The bits of `st_mode` that tell a file from a link and a folder; nil where nothing is.
  private func kind(of name: String) -> mode_t? {
    var status = stat()
    return lstat(file(name), &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// What the system's last call said.
  private func failure(at path: String) -> RunDirectoryFailure {
    RunDirectoryFailure(path: path, reason: .unwritable(String(cString: strerror(errno))))
  }
}
