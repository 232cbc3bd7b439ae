import Foundation
public import TensorFiles

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
  /// The mark by which a page about a run is recognised as written by this program.
  public static let reportMark = "<meta name=\"generator\" content=\"swift-cvae\">"
  /// A folder of decoded pictures, where there are many.
  public static let pictureCacheName = "pictures.cache"

  /// A folder of a table's rows, where they would take too much memory.
  public static let tableCacheName = "table.cache"

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

  /// The folder of a table's rows.
  public var tableCachePath: String { file(Self.tableCacheName) }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String {
    path.hasSuffix("/") ? path + name : "\(path)/\(name)"
  }

  /// Makes the folder, and keeps other processes from it while the lock lives.
  ///
  /// ``Trainer/run(_:lock:onStart:isInterrupted:onEpoch:onProgress:)`` takes the lock itself; take it earlier if
  /// something is written earlier, such as a ``ConditionalData/PictureCache``.
  ///
  /// - Throws: ``RunDirectoryFailure`` where another process trains there, `FileFailure`.
  public func lock() throws -> FolderLock {
    try create()
    do {
      return try FolderLock(path)
    } catch let inUse as FolderInUse {
      throw RunDirectoryFailure(path: path, reason: .inUse(inUse.holder))
    }
  }

  /// Makes the folder ready for a run; the caller has its lock.
  ///
  /// - Throws: ``RunDirectoryFailure``, ``FileFailure``.
  func prepare(for start: RunStart) throws {
    try check(for: start)
    try create()
    if start != .resuming {
      for name in Self.names where kind(of: name) != nil { try remove(name) }
    }
    PartialFiles.remove(in: path, of: Self.names.contains)
  }

  /// Checks what a run with that start would refuse, and changes nothing.
  ///
  /// - Throws: ``RunDirectoryFailure``.
  public func check(for start: RunStart) throws {
    if let holder = FolderLock.holder(of: path), !holder.isThisProcess {
      throw RunDirectoryFailure(path: path, reason: .inUse(holder))
    }
    let files = FileManager.default
    var isFolder: ObjCBool = false
    let exists = files.fileExists(atPath: path, isDirectory: &isFolder)
    if exists && !isFolder.boolValue { throw RunDirectoryFailure(path: path, reason: .isFile) }
    if start == .resuming {
      guard files.fileExists(atPath: checkpointPath) else {
        throw RunDirectoryFailure(path: path, reason: exists ? .noCheckpoint : .absent)
      }
    } else if let first = Self.names.first(where: { kind(of: $0) != nil }) {
      guard holdsRun else {
        throw RunDirectoryFailure(path: path, reason: .holdsForeign(first))
      }
      guard start == .replacing else { throw RunDirectoryFailure(path: path, reason: .holdsRun) }
      let isForeign = { (name: String) in
        switch kind(of: name) {
        case nil: false
        case S_IFREG?: !wasWritten(name)
        default: true
        }
      }
      if let other = Self.names.first(where: isForeign) {
        throw RunDirectoryFailure(path: path, reason: .holdsForeign(other))
      }
    }
  }

  /// Makes the folder and those above it; for a link that leads to nothing, the folder that it names.
  private func create() throws {
    let place = (try? RealPath.of(path)) ?? path
    var folder = place.hasPrefix("/") ? "/" : ""
    for part in place.split(separator: "/") {
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

  /// The error of the last system call, in words.
  private func failure(at path: String) -> RunDirectoryFailure {
    RunDirectoryFailure(path: path, reason: .unwritable(String(cString: strerror(errno))))
  }
}
