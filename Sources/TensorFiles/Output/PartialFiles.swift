import Foundation

/// What processes that were killed left half written.
public enum PartialFiles {
  /// Removes from `folder` the partial files of those `names` that ``AtomicFile`` was asked to write.
  ///
  /// Those of processes that live stay, and so does whatever isn't a plain file.
  public static func remove(in folder: String, of names: (String) -> Bool) {
    for partial in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      guard let (name, process) = PartialName.parse(partial), names(name),
        kill(process, 0) != 0, errno == ESRCH
      else { continue }
      removePlainFile("\(folder)/\(partial)")
    }
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
