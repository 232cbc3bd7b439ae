import Foundation

/// Appends bytes to a file that ``AtomicFile`` has opened.
///
/// Small writes are gathered, so that a caller may write number by number.
public struct FileWriter: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private var pending: [UInt8] = []
  private static let capacity = 1 << 16

  init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
    pending.reserveCapacity(Self.capacity)
  }

  /// Appends the bytes of a buffer.
  public mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
    if pending.count + bytes.count > Self.capacity { try flush() }
    if bytes.count >= Self.capacity {
      try send(bytes)
    } else {
      pending.append(contentsOf: bytes)
    }
  }

  /// Appends a collection of bytes: an array, `Data`, or a string's `utf8`.
  public mutating func write(_ bytes: some Collection<UInt8>) throws {
    // Copies only what isn't contiguous in memory.
    let stored: Void? = try bytes.withContiguousStorageIfAvailable { buffer in
      try write(UnsafeRawBufferPointer(buffer))
    }
    if stored == nil { try Array(bytes).withUnsafeBytes { buffer in try write(buffer) } }
  }

  mutating func flush() throws {
    try pending.withUnsafeBytes { buffer in try send(buffer) }
    pending.removeAll(keepingCapacity: true)
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let next = UnsafeRawBufferPointer(rebasing: rest)
      let sent = Foundation.write(descriptor, next.baseAddress, next.count)
      if sent < 0 {
        if errno == EINTR { continue }
        throw FileFailure(path: path, action: "write", code: errno)
      }
      rest = rest.dropFirst(sent)
    }
  }
}
