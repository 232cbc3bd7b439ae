import CZlib
import Foundation

/// The bytes of a file or of standard input from the first to the last, decompressed if they are gzip; only the
/// requested bytes are in memory.
///
/// It owns zlib's handle and is used by one thread at a time.
public final class ByteStream {
  /// The name that stands for standard input.
  public static let standardInput = "-"
  /// What standard input is called in messages.
  public static let standardInputName = "standard input"

  /// What is read, for messages.
  public let name: String
  private let handle: gzFile
  private let fileCount: Int
  private let limit: Int
  /// Whether the bytes can be read again.
  public let canRewind: Bool
  /// Bytes that were read.
  private var produced = 0

  /// Opens a file, whatever its name, or standard input by its name ``standardInput``.
  ///
  /// - Throws: ``FileFailure``.
  public convenience init(_ path: String) throws {
    guard path == Self.standardInput else {
      try self.init(path, limit: ExpansionLimit.bytes)
      return
    }
    try self.init(descriptor: STDIN_FILENO, name: Self.standardInputName)
  }

  init(_ path: String, limit: (Int) -> Int) throws {
    // zlib opens folders as well.
    fileCount = try FileReader(path).count
    self.limit = limit(fileCount)
    errno = 0
    guard let handle = gzopen(path, "rb") else {
      throw FileFailure(path: path, action: "open", code: errno == 0 ? ENOMEM : errno)
    }
    gzbuffer(handle, 1 << 17)
    name = path
    self.handle = handle
    canRewind = true
  }

  /// Reads on from where an open file is; it stays open.
  ///
  /// - Parameter isLimited: Whether gzip may expand only so far, in a file whose size is known.
  private init(descriptor: Int32, name: String, isLimited: Bool = true) throws {
    let own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard own >= 0 else { throw FileFailure(path: name, action: "read", code: errno) }
    guard let handle = gzdopen(own, "rb") else {
      close(own)
      throw FileFailure(path: name, action: "read", code: ENOMEM)
    }
    gzbuffer(handle, 1 << 17)
    var status = stat()
    let isFile = fstat(own, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    fileCount = isFile ? Int(status.st_size) : 0
    // How many compressed bytes a pipe has is known only at its end.
    limit = isFile && isLimited ? ExpansionLimit.bytes(of: fileCount) : .max
    canRewind = isFile
    self.name = name
    self.handle = handle
  }

  deinit { gzclose(handle) }

  /// Gathers what `body` writes in a temporary file without a name, which is read from its first byte, as often as
  /// needed.
  ///
  /// - Parameter name: What is read, for messages.
  /// - Throws: ``FileFailure`` where there is no room for temporary files, what `body` throws.
  public static func gathering(
    _ name: String, _ body: (inout FileWriter) throws -> Void
  ) throws -> ByteStream {
    let folder = FileManager.default.temporaryDirectory.path
    let descriptor = NamelessFile.open(in: folder)
    guard descriptor >= 0 else { throw FileFailure(path: folder, action: "write", code: errno) }
    let stream = Result { try ByteStream(descriptor: descriptor, name: name, isLimited: false) }
    try AtomicFile.fill(descriptor, path: folder, synced: false, body)
    try stream.get().rewind()
    return try stream.get()
  }

  /// Continues with the first byte.
  ///
  /// - Throws: ``FileFailure`` for a pipe, see ``canRewind``.
  public func rewind() throws {
    guard gzrewind(handle) == 0 else {
      throw FileFailure(path: name, action: "read again", code: errno)
    }
    produced = 0
  }

  /// Reads as many bytes as fit, fewer only at the end; 0 after that.
  ///
  /// - Throws: ``DataFileFailure`` where gzip data are cut short or damaged, or expand to more than
  ///   a gigabyte and two hundred times their size, ``FileFailure``.
  public func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try decompress(into: target)
    produced += count
    guard produced <= limit else { throw ExpansionLimit.failure(name, compressed: fileCount) }
    return count
  }

  private func decompress(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    let room = UInt32(clamping: min(target.count, 1 << 30))
    errno = 0
    let count = gzread(handle, target.baseAddress, room)
    if count == Int32(room) { return Int(count) }
    var status: Int32 = Z_OK
    _ = gzerror(handle, &status)
    switch status {
    case Z_OK, Z_STREAM_END: return Int(count)
    case Z_BUF_ERROR:
      throw DataFileFailure(
        path: name, expected: "whole gzip data", actual: "data that end too early",
        advice: "copy or download it again")
    case Z_ERRNO: throw FileFailure(path: name, action: "read", code: errno)
    case Z_MEM_ERROR: throw FileFailure(path: name, action: "decompress", code: ENOMEM)
    default:
      throw DataFileFailure(
        path: name, expected: "gzip data", actual: "damaged ones",
        advice: "copy or download it again")
    }
  }
}
