import Foundation

/// Files without a name, which vanish when they are closed, however the process ends.
package enum NamelessFile {
  /// What ``PartialFiles`` knows such a file by, should one be left.
  package static let name = "spool"

  /// Linux's `O_TMPFILE`, a macro that Swift doesn't see.
  private static let withoutName = 0o20_000_000 | O_DIRECTORY

  /// Opens an empty file on the file system of `folder`, to be read and written.
  ///
  /// Where the file system has no files without a name, it has one for a moment, that of a partial file, which a process
  /// leaves that is killed then.
  ///
  /// - Returns: Its descriptor; below zero, with a reason in `errno`, where it can't be made.
  static func open(in folder: String) -> Int32 {
    let descriptor = Glibc.open(folder, withoutName | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor < 0, [EOPNOTSUPP, EISDIR, ENOENT, EINVAL].contains(errno) else {
      return descriptor
    }
    let claimed = PartialName.claim(for: name, in: folder) { partial in
      Glibc.open(partial, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    }
    guard let (partial, descriptor) = claimed else { return -1 }
    unlink(partial)
    return descriptor
  }
}
