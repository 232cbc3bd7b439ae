/// A set of the bins 0 to 255.
struct BinSet {
  private var words = SIMD4<UInt64>()

  mutating func insert(_ bin: Int) { words[bin >> 6] |= 1 << UInt64(bin & 63) }

  func contains(_ bin: UInt8) -> Bool {
    words[Int(bin >> 6)] >> UInt64(bin & 63) & 1 == 1
  }
}
