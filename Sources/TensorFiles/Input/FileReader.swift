import Foundation

/// An open regular file whose bytes are read straight to where they belong.
package struct FileReader: ~Copyable, Sendable {
  package let path: String
  /// The file's size in bytes when it was opened.
  package let count: Int
  private let descriptor: Int32

  /// Opens a file; a pipe is refused, without waiting until something writes into it.
  package init(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileFailure(path: path, action: "open", code: errno) }
    var status = stat()
    var code: Int32 = fstat(descriptor, &status) == 0 ? 0 : errno
    if code == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR: code = EISDIR
      default: code = ESPIPE
      }
    }
    guard code == 0 else {
      close(descriptor)
      throw FileFailure(path: path, action: "read", code: code)
    }
    self.path = path
    self.descriptor = descriptor
    count = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills `buffer` from the byte at `offset` on; the caller keeps within ``count``.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var filled = 0
    while filled < buffer.count {
      let target = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let received = pread(descriptor, target.baseAddress, target.count, off_t(offset + filled))
      if received < 0 {
        if errno == EINTR { continue }
        throw FileFailure(path: path, action: "read", code: errno)
      }
      guard received > 0 else {
        throw DataFileFailure(
          path: path, expected: "\(count) bytes", actual: "\(offset + filled) while reading",
          advice: "wait until whatever writes the file has finished")
      }
      filled += received
    }
  }

  /// All bytes.
  package func allBytes() throws -> [UInt8] { try bytes(at: 0, count: count) }

  /// The `count` bytes from `offset` on.
  package func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    try values(UInt8.self, at: offset, count: count)
  }

  /// `count` numbers from the byte at `offset` on, as they lie in memory (little-endian).
  package func values<Value: BitwiseCopyable>(
    _: Value.Type, at offset: Int, count: Int
  ) throws -> [Value] {
    try [Value](unsafeUninitializedCapacity: count) { buffer, filled in
      let size = count * MemoryLayout<Value>.stride
      let bytes = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: size)
      try read(into: bytes, at: offset)
      filled = count
    }
  }
}
