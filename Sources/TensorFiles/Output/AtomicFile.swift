import Foundation

/// Writes whole files: whoever opens the path sees the old file or the new one, never a part.
///
/// The bytes go into a new file `.<name>.partial-<process>` in the same folder, are synced to the
/// disk, and take the file's place by a rename. On any error the partial file is removed and the old
/// file stays as it was. A symbolic link keeps pointing where it did, also to a file that isn't there
/// yet; a device such as `/dev/stdout` is written straight, and so is standard output, whose name is `-`.
public enum AtomicFile {
  /// The name that stands for standard output.
  public static let standardOutput = "-"

  /// Replaces the file at `path` by what `body` writes.
  ///
  /// - Throws: ``FileFailure``, or what `body` throws.
  public static func write(
    to path: String, _ body: (inout FileWriter) throws -> Void
  ) throws {
    if path == standardOutput {
      let descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
      guard descriptor >= 0 else { throw FileFailure.ofStandardOutput(errno) }
      return try fill(descriptor, path: FileFailure.standardOutput, synced: false, body)
    }
    switch try kind(of: path) {
    case S_IFDIR: throw FileFailure(path: path, action: "write", code: EISDIR)
    case S_IFREG, nil: try replace(RealPath.of(path), path: path, body)
    default: try writeStraight(path, body)
    }
  }

  /// Refuses what ``write(to:_:)`` would refuse, and changes nothing.
  ///
  /// - Throws: ``FileFailure``.
  public static func check(_ path: String) throws {
    if path == standardOutput { return }
    let kind = try kind(of: path)
    if kind == S_IFDIR || path.hasSuffix("/") {
      throw FileFailure(path: path, action: "write", code: EISDIR)
    }
    let isPlain = kind == nil || kind == S_IFREG
    let place = isPlain ? RealPath.split(try RealPath.of(path)).folder : path
    guard access(place, isPlain ? W_OK | X_OK : W_OK) == 0 else {
      throw FileFailure(path: path, action: "write", code: errno)
    }
  }

  /// Replaces the file at `path` by `bytes`: an array, `Data`, or a string's `utf8`.
  ///
  /// - Throws: ``FileFailure``.
  public static func write(_ bytes: some Collection<UInt8>, to path: String) throws {
    try write(to: path) { writer in try writer.write(bytes) }
  }

  /// The bits of `st_mode` that tell a file from a folder and a device; nil where nothing is.
  private static func kind(of path: String) throws -> mode_t? {
    var status = stat()
    if stat(path, &status) == 0 { return status.st_mode & S_IFMT }
    guard errno == ENOENT else { throw FileFailure(path: path, action: "write", code: errno) }
    return nil
  }

  /// Replaces the file at `target`, which error messages call `path`.
  private static func replace(
    _ target: String, path: String, _ body: (inout FileWriter) throws -> Void
  ) throws {
    let (folder, name) = RealPath.split(target)
    let claimed = PartialName.claim(for: name, in: folder) { partial in
      open(partial, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    }
    guard let (partial, descriptor) = claimed else {
      throw FileFailure(path: path, action: "write", code: errno)
    }
    do {
      var old = stat()
      if stat(target, &old) == 0 { fchmod(descriptor, old.st_mode & 0o777) }
      try fill(descriptor, path: path, synced: true, body)
      guard rename(partial, target) == 0 else {
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
  static func fill(
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

  /// Makes the rename durable; file systems that can't sync a folder report `EINVAL`.
  static func syncFolder(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFailure(path: folder, action: "sync", code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw FileFailure(path: folder, action: "sync", code: errno)
    }
  }
}
