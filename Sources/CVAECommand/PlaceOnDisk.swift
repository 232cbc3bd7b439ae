import Foundation
import RecordTypes
import TensorFiles

/// Where a result goes: the path with its links resolved, and the file that lies there now.
struct PlaceOnDisk {
  private let path: String?
  private let identity: FileIdentity?

  init(_ output: String) {
    path = try? RealPath.of(output)
    identity = FileIdentity(output)
  }

  /// Whether both lead to one file or folder, also by a hard link.
  func isSame(as other: String) -> Bool {
    if let path, let real = try? RealPath.of(other), ByteText(path) == ByteText(real) {
      return true
    }
    return identity != nil && identity == FileIdentity(other)
  }

  /// Whether a file lies there that is also in `folder` or below it, even under another name.
  func isFile(in folder: String) -> Bool {
    guard let identity, !identity.isFolder, let root = FileIdentity(folder), root.isFolder
    else { return false }
    if let path, let real = try? RealPath.of(folder), path.utf8.starts(with: (real + "/").utf8) {
      return true
    }
    // A link may lead to a folder around this one, whose other files are none of it.
    var seen = FileIdentity.ofFolders(around: folder).union([root])
    var rest = [folder]
    while let next = rest.popLast() {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: next)) ?? [] {
        guard let found = FileIdentity("\(next)/\(name)") else { continue }
        if found == identity { return true }
        if found.isFolder, seen.insert(found).inserted { rest.append("\(next)/\(name)") }
      }
    }
    return false
  }
}
