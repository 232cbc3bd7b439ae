/// Random-looking numbers that belong to a record: always the same for it.
///
/// - Source: Steele, Lea, Flood, *Fast Splittable Pseudorandom Number Generators*, 2014
///   (SplitMix64's finaliser).
enum RecordHash {
  /// The purpose of the numbers; the streams are independent.
  enum Stream: UInt64 {
    case test = 1
    case validation = 2
    case train = 3
    case sharedValue = 4
    case sample = 5
  }

  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// A number in [0, 1), a function of the three arguments alone:
  /// `mix(mix(seed + stream · γ) + (record + 1) · γ) / 2⁶⁴`, to 53 bits.
  static func uniform(record: Int, seed: UInt64, _ stream: Stream) -> Double {
    let key = mix(seed &+ stream.rawValue &* step)
    let bits = mix(key &+ (UInt64(truncatingIfNeeded: record) &+ 1) &* step)
    return Double(bits >> 11) * 0x1p-53
  }

  /// The same for a name, by its FNV-1a hash.
  static func uniform(name: String, seed: UInt64, _ stream: Stream) -> Double {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    return uniform(record: Int(truncatingIfNeeded: hash), seed: seed, stream)
  }

  /// A bijection in which each bit of the argument moves every bit of the result.
  static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
