import CZlib
import Foundation

/// The bytes of a file from its first to its last, decompressed if they are gzip; only the requested bytes
/// are in memory.
///
/// It owns zlib's handle and is used by one thread at a time.
public final class ByteStream {
  private let path: String
  private let handle: gzFile
  private let fileCount: Int
  private let limit: Int
  /// Bytes that were read.
  private var produced = 0

  /// Opens a file, whatever its name.
  ///
  /// - Throws: ``FileFailure``.
  public convenience init(_ path: String) throws {
    try self.init(path, limit: ExpansionLimit.bytes)
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
    self.path = path
    self.handle = handle
  }

  deinit { gzclose(handle) }

  /// Reads as many bytes as fit, fewer only at the end; 0 after that.
  ///
  /// - Throws: ``DataFileFailure`` where gzip data are cut short or damaged, or expand to more than
  ///   a gigabyte and two hundred times their size, ``FileFailure``.
  public func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try decompress(into: target)
    produced += count
    guard produced <= limit else { throw ExpansionLimit.failure(path, compressed: fileCount) }
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
        path: path, expected: "whole gzip data", actual: "data that end too early",
        advice: "copy or download it again")
    case Z_ERRNO: throw FileFailure(path: path, action: "read", code: errno)
    case Z_MEM_ERROR: throw FileFailure(path: path, action: "decompress", code: ENOMEM)
    default:
      throw DataFileFailure(
        path: path, expected: "gzip data", actual: "damaged ones",
        advice: "copy or download it again")
    }
  }
}
