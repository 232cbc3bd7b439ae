import Foundation

/// Writes files into a folder that ``AtomicFolder`` has made, and remembers them.
public struct FolderWriter {
  private let folder: String
  private let path: String
  private var names: Set<String> = []

  init(folder: String, path: String) {
    self.folder = folder
    self.path = path
  }

  /// Writes a file called `stem` with `ending`; if that was already written, `stem-2` and so on.
  ///
  /// - Throws: ``FileFailure``, which names the folder.
  public mutating func write(
    _ bytes: some Collection<UInt8>, _ stem: String, ending: String
  ) throws {
    var name = stem + ending
    var number = 2
    while names.contains(name) {
      name = "\(stem)-\(number)\(ending)"
      number += 1
    }
    let file = "\(folder)/\(name)"
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileFailure(path: path, action: "write", code: errno) }
    names.insert(name)
    try AtomicFile.fill(descriptor, path: path, synced: true) { try $0.write(bytes) }
  }

  func removeFiles() {
    for name in names { unlink("\(folder)/\(name)") }
  }
}
