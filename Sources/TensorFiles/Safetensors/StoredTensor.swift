/// A tensor in a file: its shape and its numbers, row-major.
public struct StoredTensor: Hashable, Sendable {
  /// Extents from the outermost axis to the innermost; empty for a scalar.
  public let shape: [Int]
  /// As many as the product of `shape`.
  public let values: [Float]

  /// A tensor; it can be written if `values` has as many numbers as `shape` says.
  public init(shape: [Int], values: [Float]) {
    self.shape = shape
    self.values = values
  }

  /// The flat index of the first number that isn't finite.
  var firstNonFinite: Int? {
    guard hasNonFinite else { return nil }
    return values.firstIndex { !$0.isFinite }
  }

  /// Adding one to the lowest exponent bit carries into the sign bit just where all exponent bits
  /// are set: an addition and an `or` for each number, without a branch.
  private var hasNonFinite: Bool {
    values.withUnsafeBufferPointer { buffer in
      var carries: UInt32 = 0
      for value in buffer { carries |= (value.bitPattern & 0x7FFF_FFFF) &+ 0x0080_0000 }
      return carries >> 31 == 1
    }
  }
}
