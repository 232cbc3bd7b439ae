/// Counter-based random bits: Philox 4×32 with 10 rounds.
///
/// A pure function from (key, counter) to 128 bits, so that the number drawn for one record at one
/// step is the same for any batch split, thread count or number of machines.
///
/// - Source: Salmon, Moraes, Dror, Shaw, *Parallel Random Numbers: As Easy as 1, 2, 3*, 2011.
public enum Philox {
  /// Four random words for one counter under one key.
  public static func block(
    key: UInt64, counter: SIMD4<UInt32>
  ) -> SIMD4<UInt32> {
    var word = counter
    var key0 = UInt32(truncatingIfNeeded: key)
    var key1 = UInt32(truncatingIfNeeded: key >> 32)
    for _ in 0..<10 {
      let product0 = UInt64(word.x) &* 0xD251_1F53
      let product1 = UInt64(word.z) &* 0xCD9E_8D57
      word = SIMD4(
        UInt32(truncatingIfNeeded: product1 >> 32) ^ word.y ^ key0,
        UInt32(truncatingIfNeeded: product1),
        UInt32(truncatingIfNeeded: product0 >> 32) ^ word.w ^ key1,
        UInt32(truncatingIfNeeded: product0))
      key0 = key0 &+ 0x9E37_79B9
      key1 = key1 &+ 0xBB67_AE85
    }
    return word
  }

  /// A number in (0, 1), never either end: the upper 24 bits, moved by half a step.
  public static func uniform(_ bits: UInt32) -> Double {
    (Double(bits >> 8) + 0.5) * 0x1p-24
  }

  /// A standard normal number (Box and Muller, 1958).
  package static func normal(_ first: UInt32, _ second: UInt32) -> Double {
    (-2 * logarithm(uniform(first))).squareRoot() * cosine(2 * Double.pi * uniform(second))
  }
}

/// The seed and the step of a run of a program: random numbers are addressed by (seed, purpose, step,
/// record).
public struct RandomPosition: Hashable, Sendable {
  /// The user's seed.
  public var seed: UInt64
  /// The training step, or the number of the sample while evaluating.
  public var step: UInt32

  /// The numbers of one step under one seed.
  public init(seed: UInt64, step: UInt32) {
    self.seed = seed
    self.step = step
  }

  /// Four random words; `block` counts them for one record, four columns in each.
  public func words(_ purpose: RandomPurpose, record: UInt32, block: UInt32) -> SIMD4<UInt32> {
    Philox.block(key: seed, counter: SIMD4(block, record, step, purpose.stream))
  }

  /// A number in (0, 1) for one column of one record.
  public func uniform(_ purpose: RandomPurpose, record: UInt32, column: Int) -> Double {
    Philox.uniform(words(purpose, record: record, block: UInt32(column / 4))[column % 4])
  }

  /// A standard normal number for one column of one record: Box and Muller, 1958, on the pair of
  /// uniform numbers that the column shares with its neighbour.
  public func normal(_ purpose: RandomPurpose, record: UInt32, column: Int) -> Double {
    let word = words(purpose, record: record, block: UInt32(column / 4))
    let pair = (column % 4) / 2 * 2
    let radius = (-2 * logarithm(Philox.uniform(word[pair]))).squareRoot()
    let angle = 2 * Double.pi * Philox.uniform(word[pair + 1])
    return radius * (column % 2 == 0 ? cosine(angle) : sine(angle))
  }

  /// A random order of `0..<count` (Fisher and Yates), a function of this position alone.
  public func permutation(_ purpose: RandomPurpose, count: Int) -> [Int32] {
    var order = (0..<Int32(count)).map { $0 }
    guard count > 1 else { return order }
    for last in stride(from: count - 1, to: 0, by: -1) {
      let word = words(purpose, record: UInt32(last / 2), block: 0)
      let bits =
        last % 2 == 0
        ? UInt64(word.x) << 32 | UInt64(word.y) : UInt64(word.z) << 32 | UInt64(word.w)
      let pick = Int(bits.multipliedFullWidth(by: UInt64(last + 1)).high)
      order.swapAt(last, pick)
    }
    return order
  }
}
