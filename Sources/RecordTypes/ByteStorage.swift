package import Foundation

/// Bytes that lie in memory or in a mapped file, and are read in the same way.
///
/// Those of a file take memory only as long as the system likes. Reading allocates nothing.
public struct ByteStorage: Sendable {
  private enum Place: Sendable {
    case memory([UInt8])
    case file(Data, MappedSource?)
  }

  /// Where mapped bytes come from, and the hash that they must have.
  package struct MappedSource: Sendable {
    /// The file.
    package let path: String
    /// The digest of the bytes that were written.
    package let digest: UInt64

    /// Names a file and its hash.
    package init(path: String, digest: UInt64) {
      self.path = path
      self.digest = digest
    }
  }

  private let place: Place

  /// Keeps an array.
  public init(_ bytes: [UInt8]) { place = .memory(bytes) }

  /// Keeps a mapped file, or a part of one.
  package init(mapped bytes: Data, source: MappedSource) { place = .file(bytes, source) }

  /// Keeps a part of a mapped file that was checked otherwise.
  package init(mapped bytes: Data) { place = .file(bytes, nil) }

  /// The file and the hash that it must have; nil for bytes in memory, and for those that were checked otherwise.
  package var source: MappedSource? {
    if case .file(_, let source) = place { source } else { nil }
  }

  /// The number of bytes.
  public var count: Int {
    switch place {
    case .memory(let bytes): bytes.count
    case .file(let bytes, _): bytes.count
    }
  }

  /// Runs `body` with the bytes, which stay where they are for that long.
  public func withUnsafeBufferPointer<Result>(
    _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    switch place {
    case .memory(let bytes): try bytes.withUnsafeBufferPointer(body)
    case .file(let bytes, _):
      try bytes.withUnsafeBytes { try body($0.assumingMemoryBound(to: UInt8.self)) }
    }
  }
}

/// Equal where the bytes are, wherever they lie.
extension ByteStorage: Hashable {
  /// Compares the bytes.
  public static func == (first: ByteStorage, second: ByteStorage) -> Bool {
    first.count == second.count
      && first.withUnsafeBufferPointer { first in
        second.withUnsafeBufferPointer { second in first.elementsEqual(second) }
      }
  }

  /// Hashes the count and the first bytes.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    withUnsafeBufferPointer { bytes in
      hasher.combine(
        bytes: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes).prefix(4096)))
    }
  }
}

/// For single bytes and slices; loops over many use ``withUnsafeBufferPointer(_:)``.
extension ByteStorage: RandomAccessCollection {
  /// 0.
  public var startIndex: Int { 0 }
  /// The number of bytes.
  public var endIndex: Int { count }
  /// The byte at a position.
  public subscript(position: Int) -> UInt8 { withUnsafeBufferPointer { $0[position] } }
}
