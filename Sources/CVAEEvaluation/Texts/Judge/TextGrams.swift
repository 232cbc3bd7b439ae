/// The n-grams of a text as indices of buckets: words and pairs of neighbouring words in lower case, and two to five
/// characters (code points) as they are spelled, across words.
///
/// It fits any language and any set of symbols: characters of scripts without spaces are words too, and formulas have
/// their characters.
struct TextGrams {
  /// The number of buckets' binary logarithm.
  let bits: Int
  /// Of the text that was read last, each once; those of words come first.
  private(set) var buckets: [UInt32] = []
  /// How many of them are of words.
  private(set) var wordCount = 0
  /// Which text was the last to have each bucket.
  private var last: [UInt32]
  private var text: UInt32 = 0

  private static let mostCharacters = 5

  init(bits: Int) {
    self.bits = bits
    last = [UInt32](repeating: 0, count: 1 << bits)
  }

  /// Replaces ``buckets`` by those of a text.
  mutating func read(_ text: String) {
    buckets.removeAll(keepingCapacity: true)
    self.text += 1
    var before: UInt64 = 0
    TextWords.forEach(in: text) { word in
      add(word)
      add(TextHash.of([before, word]))
      before = word
    }
    add(TextHash.of([before, 0]))
    wordCount = buckets.count
    let characters = Self.characters(of: text)
    for start in characters.indices {
      var gram = TextHash()
      for place in start..<min(start + Self.mostCharacters, characters.count) {
        gram.add(characters[place])
        if place > start { add(gram.value) }
      }
    }
  }

  private mutating func add(_ hash: UInt64) {
    let bucket = Int(hash >> UInt64(64 - bits))
    guard last[bucket] != text else { return }
    last[bucket] = text
    buckets.append(UInt32(bucket))
  }

  /// White space as one blank, and a blank at both ends.
  private static func characters(of text: String) -> [UInt64] {
    var characters: [UInt64] = [32]
    for scalar in text.unicodeScalars {
      let isBlank = scalar.isASCII ? scalar.value <= 32 : scalar.properties.isWhitespace
      if !isBlank {
        characters.append(UInt64(scalar.value))
      } else if characters.last != 32 {
        characters.append(32)
      }
    }
    if characters.last != 32 { characters.append(32) }
    return characters
  }
}
