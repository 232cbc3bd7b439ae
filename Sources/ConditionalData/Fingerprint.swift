import RecordSchema

/// A 64-bit hash that tells data sets apart; no protection against forgery.
///
/// What levels are called doesn't count: a schema file may name them or not.
///
/// As FNV-1a, but eight bytes at a time, with a shift that brings the upper bits down again. Each
/// step can be undone, so that a change within one eight-byte word always changes the result.
///
/// - Source: Fowler, Noll, Vo, *FNV hash*, 1991; the last mix is SplitMix64's.
struct Fingerprint {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  init(schema: RecordSchema, columns: [Column], ownTest: Range<Int>?) {
    for field in schema.fields { add(field) }
    for column in columns { add(column) }
    add(ownTest?.lowerBound ?? -1)
    add(ownTest?.upperBound ?? -1)
  }

  /// Sixteen hexadecimal digits.
  var text: String {
    let digits = String(RecordHash.mix(state), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private mutating func add(_ field: Field) {
    add(field.name)
    switch field.kind {
    case .category: add(-4)
    case .number: add(-1)
    case .vector(let count):
      add(-2)
      add(count)
    case .image(let size):
      add(-3)
      add(size.height)
      add(size.width)
      add(size.channels)
    }
  }

  private mutating func add(_ column: Column) {
    switch column {
    case .bytes(let values, _): values.withUnsafeBytes { add($0) }
    case .levels(let values): values.withUnsafeBytes { add($0) }
    case .reals(let values, _): values.withUnsafeBytes { add($0) }
    }
  }

  private mutating func add(_ text: String) {
    Array(text.utf8).withUnsafeBytes { add($0) }
  }

  private mutating func add(_ number: Int) {
    add(word: UInt64(bitPattern: Int64(number)))
  }

  private mutating func add(_ bytes: UnsafeRawBufferPointer) {
    add(bytes.count)
    let whole = bytes.count & ~7
    for offset in stride(from: 0, to: whole, by: 8) {
      add(word: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    var rest: UInt64 = 0
    for byte in bytes[whole...] { rest = rest << 8 | UInt64(byte) }
    add(word: rest)
  }

  private mutating func add(word: UInt64) {
    state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
    state ^= state >> 32
  }
}
