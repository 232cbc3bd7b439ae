import Foundation

/// Where a path leads once all links are followed, whether or not something is already there.
public enum RealPath {
  /// As many links as Linux follows.
  private static let mostLinks = 40

  /// The absolute path, without links, `.` and `..`; its last part need not exist.
  ///
  /// A link that leads to nothing stands for the path that it names.
  ///
  /// - Throws: ``FileFailure`` where a folder above is missing, or links lead in a circle.
  public static func of(_ path: String) throws -> String {
    var next = path
    for _ in 0..<mostLinks {
      if let real = resolved(next) { return real }
      let code = errno
      let (folder, name) = split(next)
      guard code == ENOENT, !name.isEmpty else { throw failure(path, code) }
      if let target = target(of: "\(folder)/\(name)") {
        next = target.hasPrefix("/") ? target : "\(folder)/\(target)"
      } else if let real = resolved(folder) {
        return real == "/" ? "/\(name)" : "\(real)/\(name)"
      } else {
        throw failure(path, errno)
      }
    }
    throw failure(path, ELOOP)
  }

  private static func failure(_ path: String, _ code: Int32) -> FileFailure {
    FileFailure(path: path, action: "write", code: code)
  }

  /// The folder of a path and its last part, without the slashes behind that.
  static func split(_ path: String) -> (folder: String, name: String) {
    // Bytes: a mark can be combined with a slash.
    let slash = UInt8(ascii: "/")
    var path = path.utf8[...]
    while path.count > 1, path.last == slash { path.removeLast() }
    guard let end = path.lastIndex(of: slash) else {
      return (".", String(decoding: path, as: UTF8.self))
    }
    let (folder, name) = (path[..<end], path[path.index(after: end)...])
    return (
      folder.isEmpty ? "/" : String(decoding: folder, as: UTF8.self),
      String(decoding: name, as: UTF8.self)
    )
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// The path that a link names; nil for anything but a link.
  private static func target(of path: String) -> String? {
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) { text in
        text.baseAddress.map { max(0, readlink(path, $0, text.count)) } ?? 0
      }
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
