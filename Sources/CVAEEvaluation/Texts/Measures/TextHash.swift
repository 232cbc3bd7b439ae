/// A hash of numbers in their order: pieces of texts are compared by it, as of a million different ones two have the
/// same hash with a probability of 3e-8.
struct TextHash {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ number: UInt64) {
    state = (state ^ number) &* 0x9E37_79B9_7F4A_7C15
    state ^= state >> 32
  }

  /// The hash of what was added.
  var value: UInt64 {
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  static func of(_ numbers: some Sequence<UInt64>) -> UInt64 {
    var hash = TextHash()
    for number in numbers { hash.add(number) }
    return hash.value
  }

  /// The hashes of all runs of `length` numbers.
  static func runs(of length: Int, in numbers: [UInt64]) -> [UInt64] {
    guard numbers.count >= length else { return [] }
    return (0...numbers.count - length).map { of(numbers[$0..<$0 + length]) }
  }
}
