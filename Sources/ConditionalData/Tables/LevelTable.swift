/// Different texts, numbered in the order in which they first occur.
///
/// An open hash table over one array of bytes: a text that is already known costs no allocation.
struct LevelTable {
  private var bytes: [UInt8] = []
  /// Where each text begins, and at last where the bytes end.
  private var offsets = [0]
  private var hashes: [UInt64] = []
  /// The number of a text, or -1, at a position given by its hash; the size is a power of two.
  private var places = [Int32](repeating: -1, count: 64)

  /// The number of different texts.
  var count: Int { hashes.count }

  /// The texts' hashes, which tell them apart except for one pair in 2⁶⁴.
  var allHashes: Set<UInt64> { Set(hashes) }

  /// The number of a text; a new number for a new text.
  mutating func index(of text: UnsafeBufferPointer<UInt8>) -> Int32 {
    let hash = Self.hash(text)
    var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
    while places[place] >= 0 {
      let index = Int(places[place])
      if hashes[index] == hash, isEqual(index, text) { return places[place] }
      place = (place + 1) & (places.count - 1)
    }
    let new = Int32(count)
    places[place] = new
    bytes.append(contentsOf: text)
    offsets.append(bytes.count)
    hashes.append(hash)
    if 2 * count > places.count { grow() }
    return new
  }

  /// A text by its number; nil where its bytes are no UTF-8.
  func text(_ index: Int) -> String? {
    String(validating: bytes[offsets[index]..<offsets[index + 1]], as: UTF8.self)
  }

  /// Passes a text's bytes to `body`.
  func withText<Result>(
    _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    try bytes.withUnsafeBufferPointer { bytes in
      try body(UnsafeBufferPointer(rebasing: bytes[offsets[index]..<offsets[index + 1]]))
    }
  }

  private func isEqual(_ index: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = offsets[index]
    guard offsets[index + 1] - start == text.count else { return false }
    for position in 0..<text.count where bytes[start + position] != text[position] { return false }
    return true
  }

  private mutating func grow() {
    places = [Int32](repeating: -1, count: 4 * places.count)
    for (index, hash) in hashes.enumerated() {
      var place = Int(truncatingIfNeeded: hash) & (places.count - 1)
      while places[place] >= 0 { place = (place + 1) & (places.count - 1) }
      places[place] = Int32(index)
    }
  }

  /// FNV-1a with its bits mixed (Fowler, Noll, Vo, 1991; the finaliser of MurmurHash3, Appleby, 2011).
  static func hash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash ^= hash >> 33
    hash = hash &* 0xFF51_AFD7_ED55_8CCD
    return hash ^ hash >> 33
  }
}
