/// A part of a text within which tokens lie: a run of letters, of digits, of blanks or of other signs, with the space
/// before it.
///
/// Bytes from 0x80 on count as letters, so that every script has words; as some have no spaces, a run is cut after
/// ``longestRun`` bytes at the latest, between two characters where it is UTF-8.
enum Word {
  /// The most bytes of a run.
  static let longestRun = 32
  /// The most bytes of a word.
  static let longest = longestRun + 1

  private enum Kind {
    case letter, digit, blank, sign
  }

  private static let space = UInt8(ascii: " ")

  /// Where the word that begins at `start` ends.
  static func end(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var first = start
    if text[start] == space, start + 1 < text.count, kind(of: text[start + 1]) != .blank {
      first += 1
    }
    let own = kind(of: text[first])
    var end = first + 1
    while end < text.count, end - first < longestRun, kind(of: text[end]) == own { end += 1 }
    guard end < text.count, kind(of: text[end]) == own else {
      // The last space belongs to the word behind it.
      let endsInSpace = own == .blank && end < text.count && text[end - 1] == space
      return endsInSpace && end - first > 1 ? end - 1 : end
    }
    // Continuation bytes stay with their character, of which there are three at most.
    let boundary = (max(first + 1, end - 3)...end).last { text[$0] & 0xC0 != 0x80 }
    return boundary ?? end
  }

  private static func kind(of byte: UInt8) -> Kind {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...:
      .letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    case space, 0x09...0x0D: .blank
    default: .sign
    }
  }
}
