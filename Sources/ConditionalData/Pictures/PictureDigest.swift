/// The hash of a file of decoded pictures, taken while they are written and while they are read.
struct PictureDigest {
  private var hash = ByteHash()
  private var count = 0

  /// Adds bytes whose count eight divides.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    hash.addWords(bytes)
    count += bytes.count
  }

  /// The hash, after fewer than eight more bytes.
  func finished(with rest: UnsafeRawBufferPointer) -> UInt64 {
    var hash = hash
    hash.addRest(rest)
    hash.add(count + rest.count)
    return hash.value
  }
}
