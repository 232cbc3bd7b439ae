/// A 64-bit hash of bytes; no protection against forgery.
///
/// As FNV-1a, but eight bytes at a time, with a shift that brings the upper bits down again. Each
/// step can be undone, so that a change within one eight-byte word always changes the result.
///
/// - Source: Fowler, Noll, Vo, *FNV hash*, 1991; the last mix is SplitMix64's.
package struct ByteHash {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The hash of no bytes.
  package init() {}

  /// The hash of what was added.
  package var value: UInt64 { RecordHash.mix(state) }

  /// Adds the count of the bytes, then the bytes.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    add(bytes.count)
    let whole = bytes.count & ~7
    addWords(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
    addRest(UnsafeRawBufferPointer(rebasing: bytes[whole...]))
  }

  package mutating func add(_ text: String) {
    Array(text.utf8).withUnsafeBytes { add($0) }
  }

  package mutating func add(_ number: Int) {
    add(word: UInt64(bitPattern: Int64(number)))
  }

  /// Adds bytes whose count eight divides, without the count: in any number of parts.
  mutating func addWords(_ bytes: UnsafeRawBufferPointer) {
    for offset in stride(from: 0, to: bytes.count, by: 8) {
      add(word: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
  }

  /// Adds fewer than eight bytes, without their count.
  mutating func addRest(_ bytes: UnsafeRawBufferPointer) {
    var rest: UInt64 = 0
    for byte in bytes { rest = rest << 8 | UInt64(byte) }
    add(word: rest)
  }

  private mutating func add(word: UInt64) {
    state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
    state ^= state >> 32
  }
}
