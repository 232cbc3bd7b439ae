import Foundation

/// A file without a name, to which bytes are appended and from which they are read again.
///
/// It takes no memory and vanishes with the value, however the process ends.
package final class SpoolFile: Sendable {
  private let folder: String
  private let descriptor: Int32

  /// Makes an empty file on the file system of `folder`, which exists.
  ///
  /// - Throws: ``FileFailure``.
  package init(in folder: String) throws {
    descriptor = NamelessFile.open(in: folder)
    guard descriptor >= 0 else { throw FileFailure(path: folder, action: "write", code: errno) }
    self.folder = folder
  }

  deinit { close(descriptor) }

  /// Writes bytes from `offset` on.
  ///
  /// - Throws: ``FileFailure``.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws {
    var sent = 0
    while sent < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...])
      let count = pwrite(descriptor, rest.baseAddress, rest.count, off_t(offset + sent))
      if count < 0 {
        if errno == EINTR { continue }
        throw FileFailure(path: folder, action: "write into", code: errno)
      }
      sent += count
    }
  }

  /// Fills `buffer` with the bytes from `offset` on, which were written.
  ///
  /// - Throws: ``FileFailure``.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    var filled = 0
    while filled < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw FileFailure(path: folder, action: "read from", code: count < 0 ? errno : EIO)
      }
      filled += count
    }
  }
}
