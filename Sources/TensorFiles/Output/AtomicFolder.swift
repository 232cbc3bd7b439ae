import Foundation

/// Writes whole folders: a folder takes its place with all of its files, or nothing changes.
///
/// The files go into a fresh folder `.<name>.partial-<process>` beside the final one and are synced to the
/// disk. A rename then puts that folder in place; the system allows that only for a new name and over an
/// empty folder, so whatever appears there in the meantime stays and is reported as an error. On any error
/// the files that were written are removed, and no others. A symbolic link keeps pointing where it did.
public enum AtomicFolder {
  /// Makes a folder at `path` of the files that `body` writes.
  ///
  /// - Throws: ``OccupiedFolder``, ``FileFailure``, or what `body` throws.
  public static func write(
    to path: String, _ body: (inout FolderWriter) throws -> Void
  ) throws {
    try check(path)
    let target = try RealPath.of(path)
    let (above, name) = RealPath.split(target)
    guard let (partial, _) = PartialName.claim(for: name, in: above, { mkdir($0, 0o777) }) else {
      throw FileFailure(path: path, action: "create the directory", code: errno)
    }
    var writer = FolderWriter(folder: partial, path: path)
    do {
      try body(&writer)
      try keepMode(of: target, on: partial)
      try AtomicFile.syncFolder(partial)
      guard rename(partial, target) == 0 else { throw failure(path, code: errno) }
    } catch {
      chmod(partial, 0o700)
      writer.removeFiles()
      rmdir(partial)
      throw error
    }
    try AtomicFile.syncFolder(above)
  }

  /// Refuses what ``write(to:_:)`` would refuse, and changes nothing.
  ///
  /// - Throws: ``OccupiedFolder``, ``FileFailure``.
  public static func check(_ path: String) throws {
    let target = try RealPath.of(path)
    if let listing = opendir(target) {
      defer { closedir(listing) }
      if hasEntries(listing) { throw failure(path, code: ENOTEMPTY) }
    } else if errno != ENOENT {
      throw failure(path, code: errno)
    }
    let (above, name) = RealPath.split(target)
    guard !name.isEmpty else { throw failure(path, code: EBUSY) }
    guard access(above, W_OK | X_OK) == 0 else { throw failure(path, code: errno) }
  }

  private static func hasEntries(_ listing: OpaquePointer) -> Bool {
    while let entry = readdir(listing) {
      let isEntry = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        ![".", ".."].contains(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
      }
      if isEntry { return true }
    }
    return false
  }

  private static func failure(_ path: String, code: Int32) -> any Error {
    switch code {
    case ENOTEMPTY, EEXIST: OccupiedFolder(path: path, isFile: false)
    case ENOTDIR: OccupiedFolder(path: path, isFile: true)
    default: FileFailure(path: path, action: "write the directory", code: code)
    }
  }

  /// An empty folder's permissions are those of the one that takes its place.
  private static func keepMode(of target: String, on partial: String) throws {
    var status = stat()
    guard stat(target, &status) == 0 else { return }
    guard chmod(partial, status.st_mode & 0o7777) == 0 else {
      throw failure(partial, code: errno)
    }
  }
}

/// Something already lies where a new folder should be written.
public struct OccupiedFolder: Error, Equatable, Sendable, CustomStringConvertible {
  /// The folder that was to be written.
  public let path: String
  /// Whether a file lies there, else a folder that isn't empty.
  public let isFile: Bool

  /// One sentence: what is there, and what to do.
  public var description: String {
    isFile
      ? "\(path) is a file without extension; name a new directory, or end the name in .png or "
        + "another form's extension."
      : "\(path) is a directory that isn't empty; name a new one."
  }
}
