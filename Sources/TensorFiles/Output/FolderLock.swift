import Foundation

/// Keeps a folder to one writer at a time, for as long as the value lives.
///
/// The writer holds a lock of the system (`flock`) on the open file `.cvae.lock`, which names it.
/// The system drops the lock when the process ends, however it ends, so that a file left by a killed process
/// blocks nobody. Two locks of one process exclude each other too. If the file system has no locks, nobody is
/// kept out.
public final class FolderLock: Sendable {
  /// The process that holds a lock.
  public struct Holder: Codable, Hashable, Sendable, CustomStringConvertible {
    /// The process's number on its machine.
    public var process: Int32
    /// The machine's name.
    public var host: String
    /// When the lock was taken, ISO 8601.
    public var since: String

    /// Whether it is the process that runs this.
    public var isThisProcess: Bool { process == getpid() && host == HostName.current }

    /// In the words of a sentence.
    public var description: String { "process \(process) on '\(host)', since \(since)" }
  }

  /// The name of the locked file.
  public static let name = ".cvae.lock"
  /// Looking at a lock holds it for an instant.
  private static let (tries, pause): (Int, UInt32) = (5, 10_000)

  private let path: String
  private let descriptor: Int32

  /// Takes the lock of a folder that exists.
  ///
  /// - Throws: ``FolderInUse`` where another writer has it, ``FileFailure``.
  public init(_ folder: String) throws {
    let path = "\(folder)/\(Self.name)"
    guard let descriptor = try Self.signed(path) else {
      throw FolderInUse(folder: folder, holder: Self.signature(at: path))
    }
    self.path = path
    self.descriptor = descriptor
  }

  /// Removes the file before the lock is dropped, so that it is never another writer's file.
  deinit {
    unlink(path)
    close(descriptor)
  }

  /// Removes the file of a lock that this process holds, before the process ends by a signal.
  public static func removeFile(of folder: String) { unlink("\(folder)/\(name)") }

  /// Who holds a folder's lock; nil where nobody does.
  public static func holder(of folder: String) -> Holder? {
    let path = "\(folder)/\(name)"
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
    return signature(at: path)
  }

  /// An open file that is locked and names this process; nil where another writer has it.
  private static func signed(_ path: String) throws -> Int32? {
    for _ in 0..<tries {
      guard let descriptor = try locked(path) else {
        usleep(pause)
        continue
      }
      do {
        try sign(descriptor, path)
        return descriptor
      } catch {
        close(descriptor)
        throw error
      }
    }
    return nil
  }

  /// An open file that is locked and still the one at `path`; nil where another writer has it.
  private static func locked(_ path: String) throws -> Int32? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileFailure(path: path, action: "lock", code: errno) }
    let code = flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno
    let hasLock = [0, ENOLCK, ENOSYS, EOPNOTSUPP].contains(code)
    // Whoever had the lock may have removed the file since it was opened.
    var (own, now) = (stat(), stat())
    if hasLock, fstat(descriptor, &own) == 0, lstat(path, &now) == 0, own.st_ino == now.st_ino,
      own.st_dev == now.st_dev
    {
      return descriptor
    }
    close(descriptor)
    if hasLock || code == EWOULDBLOCK { return nil }
    throw FileFailure(path: path, action: "lock", code: code)
  }

  /// Writes which process holds the lock into its file; a file of that name that isn't ours stays as it is.
  private static func sign(_ descriptor: Int32, _ path: String) throws {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size == 0 || signature(at: path) != nil
    else { throw FileFailure(path: path, action: "lock", code: EEXIST) }
    let own = Holder(
      process: getpid(), host: HostName.current, since: Date().formatted(.iso8601))
    let bytes = try JSONEncoder().encode(own)
    guard ftruncate(descriptor, 0) == 0,
      bytes.withUnsafeBytes({ pwrite(descriptor, $0.baseAddress, $0.count, 0) }) == bytes.count
    else { throw FileFailure(path: path, action: "lock", code: errno) }
  }

  private static func signature(at path: String) -> Holder? {
    FileManager.default.contents(atPath: path).flatMap {
      try? JSONDecoder().decode(Holder.self, from: $0)
    }
  }
}

/// A folder has another writer.
public struct FolderInUse: Error, Equatable, Sendable, CustomStringConvertible {
  /// The folder.
  public let folder: String
  /// Who writes there; nil where the lock doesn't say.
  public let holder: FolderLock.Holder?

  /// One sentence: who has it, and what to do.
  public var description: String {
    "\(folder): expected a directory that no process writes to, got one in use by "
      + "\(holder.map(\.description) ?? "another process"); wait until it has ended, or name "
      + "another."
  }
}
