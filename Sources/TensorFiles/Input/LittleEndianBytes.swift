/// Bounds-checked little-endian integers in an array of bytes.
struct LittleEndianBytes {
  let bytes: [UInt8]

  /// The 16-bit number at `offset`, nil beyond the end.
  func integer16(at offset: Int) -> Int? { integer(at: offset, width: 2) }

  /// The 32-bit number at `offset`, nil beyond the end.
  func integer32(at offset: Int) -> Int? { integer(at: offset, width: 4) }

  /// The 64-bit number at `offset`; nil beyond the end, and above `Int.max`.
  func integer64(at offset: Int) -> Int? {
    guard let low = integer32(at: offset), let high = integer32(at: offset + 4), high < 1 << 31
    else { return nil }
    return high << 32 | low
  }

  private func integer(at offset: Int, width: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - width else { return nil }
    return (0..<width).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }
}

extension [UInt8] {
  /// Appends an integer, least significant byte first.
  mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}

extension [Int] {
  /// The product of the extents of a shape; nil if it overflows or an extent is negative.
  func checkedProduct() -> Int? {
    var product = 1
    for extent in self {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { return nil }
      product = next
    }
    return product
  }
}
