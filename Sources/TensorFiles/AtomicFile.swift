import Foundation

/// Writes whole files: whoever opens the path sees the old file or the new one, never a part.
///
/// The bytes go into `.<name>.partial-<process>` in the same folder, are synced to the disk, and
/// take the file's place by a rename. On any error the partial file is removed and the old file
/// stays as it was. A symbolic link keeps pointing where it did; a device such as `/dev/stdout` is
/// written straight.
public enum AtomicFile {
  /// Replaces the file at `path` by what `body` writes.
  ///
  /// - Throws: ``FileFailure``, or what `body` throws.
  public static func write(
    to path: String, _ body: (inout FileWriter) throws -> Void
  ) throws {
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT else { throw FileFailure(path: path, action: "write", code: errno) }
      return try replace(path, mode: nil, body)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: try replace(resolved(path), mode: status.st_mode & 0o777, body)
    case S_IFDIR: throw FileFailure(path: path, action: "write", code: EISDIR)
    default: try writeStraight(path, body)
    }
  }

  /// Replaces the file at `path` by `bytes`: an array, `Data`, or a string's `utf8`.
  ///
  /// - Throws: ``FileFailure``.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws {
    try write(to: path) { writer in try writer.write(bytes) }
  }

  private static func replace(
    _ path: String, mode: mode_t?, _ body: (inout FileWriter) throws -> Void
  ) throws {
    let (folder, name) = split(path)
    guard !name.isEmpty else { throw FileFailure(path: path, action: "write", code: EISDIR) }
    let partial = "\(folder)/.\(name).partial-\(getpid())"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileFailure(path: path, action: "write", code: errno) }
    do {
      if let mode { fchmod(descriptor, mode) }
      try fill(descriptor, path: path, synced: true, body)
      guard rename(partial, path) == 0 else {
        throw FileFailure(path: path, action: "put the new file at", code: errno)
      }
    } catch {
      unlink(partial)
      throw error
    }
    try syncFolder(folder)
  }

  private static func writeStraight(
    _ path: String, _ body: (inout FileWriter) throws -> Void
  ) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure(path: path, action: "write", code: errno) }
    try fill(descriptor, path: path, synced: false, body)
  }

  /// Runs `body`, flushes, syncs, and closes the descriptor whatever happens.
  private static func fill(
    _ descriptor: Int32, path: String, synced: Bool, _ body: (inout FileWriter) throws -> Void
  ) throws {
    do {
      var writer = FileWriter(descriptor: descriptor, path: path)
      try body(&writer)
      try writer.flush()
      if synced, fsync(descriptor) != 0 {
        throw FileFailure(path: path, action: "write", code: errno)
      }
    } catch {
      close(descriptor)
      throw error
    }
    guard close(descriptor) == 0 else {
      throw FileFailure(path: path, action: "write", code: errno)
    }
  }

  /// Makes the rename last; file systems that can't sync a folder say `EINVAL`.
  private static func syncFolder(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure(path: folder, action: "sync", code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw FileFailure(path: folder, action: "sync", code: errno)
    }
  }

  private static func resolved(_ path: String) throws -> String {
    guard let real = realpath(path, nil) else {
      throw FileFailure(path: path, action: "write", code: errno)
    }
    defer { free(real) }
    return String(cString: real)
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }
}
