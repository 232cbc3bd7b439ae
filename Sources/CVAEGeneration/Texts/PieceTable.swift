/// What a vocabulary's tokens do to a text: the units that they begin, and where a word ends.
struct PieceTable: Sendable {
  let pieces: [[UInt8]]
  let unit: LengthUnit
  /// The units that each token begins, behind a blank or at the start, and within a word.
  private let outside: [Int]
  private let within: [Int]
  /// Whether a word goes on behind each token.
  private let goesOn: [Bool]
  /// The tokens that end a word: they begin with a blank or a sign.
  let breaks: [Int]
  /// The fewest tokens that begin a unit, from within another one.
  let tokensOfUnit: Int
  private let known: Set<[UInt8]>
  private let longest: Int

  init(_ pieces: [[UInt8]], unit: LengthUnit) {
    self.pieces = pieces
    self.unit = unit
    outside = pieces.map { Self.units($0, unit, isWithin: false) }
    within = pieces.map { Self.units($0, unit, isWithin: true) }
    goesOn = pieces.map { $0.last.map { !Self.isBlank($0) } ?? false }
    breaks = pieces.indices.filter { !(pieces[$0].first.map(Self.isOfWord) ?? false) }
    tokensOfUnit = within.contains(1) ? 1 : 2
    known = Set(pieces)
    longest = pieces.map(\.count).max() ?? 1
  }

  /// The units that a token begins.
  func units(_ token: Int, isWithin: Bool) -> Int { isWithin ? within[token] : outside[token] }

  /// Whether a word goes on behind a token.
  func isWithin(behind token: Int) -> Bool { goesOn[token] }

  /// The units that bytes begin.
  func units(_ bytes: some Sequence<UInt8>, isWithin: Bool) -> Int {
    Self.units(bytes, unit, isWithin: isWithin)
  }

  private static func units(
    _ bytes: some Sequence<UInt8>, _ unit: LengthUnit, isWithin: Bool
  ) -> Int {
    switch unit {
    case .characters: return bytes.count { !(0x80...0xbf).contains($0) }
    case .words:
      var (count, isWithin) = (0, isWithin)
      for byte in bytes {
        if !isBlank(byte), !isWithin { count += 1 }
        isWithin = !isBlank(byte)
      }
      return count
    }
  }

  /// The fewest tokens that spell what stands from each place on; every byte is a token.
  func fewestTokens(_ bytes: [UInt8]) -> [Int] {
    var fewest = [Int](repeating: 0, count: bytes.count + 1)
    for start in bytes.indices.reversed() {
      fewest[start] = 1 + fewest[start + 1]
      for end in start + 1...min(start + longest, bytes.count)
      where fewest[end] + 1 < fewest[start] && known.contains(Array(bytes[start..<end])) {
        fewest[start] = fewest[end] + 1
      }
    }
    return fewest
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

  /// Whether a byte belongs to a letter or a digit; those of other scripts than ASCII's do.
  static func isOfWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "a")...UInt8(ascii: "z"), 0x80...:
      true
    default: false
    }
  }
}
