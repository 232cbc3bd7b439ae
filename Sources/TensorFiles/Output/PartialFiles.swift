import Foundation

/// Half-written files that killed processes have left.
public enum PartialFiles {
  /// Removes from `folder` the partial files that ``AtomicFile`` has left for these `names`.
  ///
  /// Those of running processes stay, and so does anything that isn't a plain file.
  public static func remove(in folder: String, of names: (String) -> Bool) {
    for partial in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      guard let (name, process) = PartialName.parse(partial), names(name),
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      removePlainFile("\(folder)/\(partial)")
    }
  }

  /// Makes a folder for files of these `names`, and removes half-written ones of killed processes from it.
  ///
  /// - Returns: Whether there was none before.
  /// - Throws: ``FileFailure`` where nothing can be written there.
  package static func prepareFolder(
    _ folder: String, for names: (String) -> Bool
  ) throws -> Bool {
    let files = FileManager.default
    let isNew = !files.fileExists(atPath: folder)
    try? files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard access(folder, W_OK | X_OK) == 0 else {
      throw FileFailure(path: folder, action: "write into", code: errno)
    }
    remove(in: folder, of: names)
    return isNew
  }

  /// Removes a file that this program wrote; a link, a folder or a device in its place stays.
  ///
  /// - Returns: Whether it was removed.
  @discardableResult
  public static func removePlainFile(_ path: String) -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    return unlink(path) == 0
  }
}
