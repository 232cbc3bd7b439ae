import Foundation
import TensorFiles

/// What a file was like when it was read, by which it is known again.
struct SourceStamp: Codable, Hashable, Sendable {
  /// What the file system says of a file.
  struct State: Codable, Hashable, Sendable {
    var size: Int
    var inode: UInt64
    /// Seconds and nanoseconds of the last change of the bytes, and of the file.
    var times: [Int]

    /// - Throws: `FileFailure`.
    init(_ path: String) throws {
      var found = stat()
      guard stat(path, &found) == 0 else {
        throw FileFailure(path: path, action: "open", code: errno)
      }
      size = Int(found.st_size)
      inode = UInt64(found.st_ino)
      times = [
        found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_ctim.tv_sec, found.st_ctim.tv_nsec,
      ]
    }
  }

  let state: State
  private let digest: UInt64

  private static let bytesAtOnce = 1 << 20

  /// Reads a file from the first to the last byte.
  ///
  /// - Throws: `FileFailure`.
  init(_ path: String) throws {
    state = try State(path)
    digest = try Self.digest(path)
  }

  /// Whether the file at `path` has the same bytes: its times and size say so, or else its bytes, wherever it lies.
  func fits(_ path: String) -> Bool {
    guard let now = try? State(path), now.size == state.size else { return false }
    return now == state || (try? Self.digest(path)) == digest
  }

  private static func digest(_ path: String) throws -> UInt64 {
    let file = try FileReader(path)
    var hash = ByteHash()
    for start in stride(from: 0, to: file.count, by: bytesAtOnce) {
      let bytes = try file.bytes(at: start, count: min(bytesAtOnce, file.count - start))
      bytes.withUnsafeBytes { hash.add($0) }
    }
    return hash.value
  }
}
