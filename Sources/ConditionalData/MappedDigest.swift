/// The hash of bytes in a file, taken while they are written and, once they are mapped, while they are
/// read.
package struct MappedDigest {
  private var hash = ByteHash()
  private var count = 0

  /// The hash of no bytes yet.
  package init() {}

  /// Adds bytes whose count eight divides.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    hash.addWords(bytes)
    count += bytes.count
  }

  /// The hash, after fewer than eight more bytes.
  package func finished(with rest: UnsafeRawBufferPointer) -> UInt64 {
    var hash = hash
    hash.addRest(rest)
    hash.add(count + rest.count)
    return hash.value
  }
}
