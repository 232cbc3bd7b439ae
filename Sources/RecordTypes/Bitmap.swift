/// One bit for each of a number of cells.
public struct Bitmap: Hashable, Sendable {
  /// The number of bits.
  public let count: Int
  /// 64 bits each, the first lowest; those behind the last are 0.
  @usableFromInline var words: [UInt64]

  /// As many equal bits.
  public init(repeating bit: Bool, count: Int) {
    self.count = max(0, count)
    words = [UInt64](repeating: bit ? .max : 0, count: (self.count + 63) / 64)
    if bit, self.count % 64 > 0 { words[words.count - 1] = 1 << UInt64(self.count % 64) - 1 }
  }

  /// The bits in their order.
  public init(_ bits: [Bool]) { self.init(count: bits.count) { bits[$0] } }

  /// Bits of which those are set whose index `isSet` says.
  @inlinable public init(count: Int, where isSet: (Int) -> Bool) {
    self.init(repeating: false, count: count)
    for index in 0..<self.count where isSet(index) {
      words[index >> 6] |= 1 << UInt64(index & 63)
    }
  }

  /// The bit at an index, which must be within the count.
  @inlinable public subscript(_ index: Int) -> Bool {
    get { words[index >> 6] >> UInt64(index & 63) & 1 == 1 }
    set {
      let mask: UInt64 = 1 << UInt64(index & 63)
      if newValue { words[index >> 6] |= mask } else { words[index >> 6] &= ~mask }
    }
  }

  /// The bits of some records, of `cells` each, in their order.
  func selecting(_ records: some Collection<Int>, cells: Int) -> Bitmap {
    var selected = Bitmap(repeating: false, count: records.count * cells)
    for (place, record) in records.enumerated() {
      for cell in 0..<cells where self[record * cells + cell] {
        selected[place * cells + cell] = true
      }
    }
    return selected
  }

  /// Whether all bits are set.
  public var isFull: Bool { setCount == count }

  /// Whether no bit is set.
  package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

  /// The number of bits that are set.
  public var setCount: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
