import Testing

@testable import CVAEGeneration

/// Which words of a text stay, where others are written anew.
@Suite struct TextWordsTests {
  /// Tokens of letters, with the blank before, of signs, and of single scalars beyond ASCII.
  private static func pieces(_ text: String) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      let joins = pieces.last.map { last in
        scalar.properties.isAlphabetic && scalar.isASCII && !last.contains { $0 >= 0x80 }
          && ![0x2c, 0x2e].contains(last.last)
      }
      if joins == true { pieces[pieces.count - 1] += bytes } else { pieces.append(bytes) }
    }
    return pieces
  }

  private static func words(_ text: String) -> [String] {
    let pieces = pieces(text)
    return TextWords(pieces).words.map { String(decoding: pieces[$0].joined(), as: UTF8.self) }
  }

  @Test func wordsHaveTheBlankBeforeThemAndNoSignBehind() {
    #expect(Self.words("A dull, slow film.") == ["A", " dull", ",", " slow", " film", "."])
    #expect(Self.words("don't go") == ["don't", " go"])
    #expect(Self.words("好的电影") == ["好", "的", "电", "影"])
    #expect(Self.words("") == [])
  }

  @Test func wordsWithTheHighestScoresAreWrittenAnew() throws {
    let pieces = Self.pieces("a dull film of a good man")
    let scores: [Float] = [0, 5, 0, 0, 0, -5, 1]
    let words = TextWords(pieces)
    let one = try #require(words.restriction(scores: scores, keep: 0.9))
    #expect(one.beginning == "a" && one.pieces == [" film of a good man"] && one.keepsWords)
    let two = try #require(words.restriction(scores: scores, keep: 0.7))
    #expect(two.beginning == "a" && two.pieces == [" film of a good", ""])
    // Neighbours share a hole; the first of equal scores goes first.
    let three = try #require(words.restriction(scores: [3, 5, 0, 0, 0, -5, 3], keep: 0.7))
    #expect(three.beginning == "" && three.pieces == [" film of a good man"])
    // What doesn't speak for the old condition stays.
    #expect(words.restriction(scores: scores, keep: 0.1) == two)
    let whole = try #require(words.restriction(scores: [0, 0, 0, -1, 0, 0, 0], keep: 0.1))
    #expect(whole.beginning == "a dull film of a good man" && whole.pieces == [])
    // At least the share stays, but never all.
    for (keep, kept) in [(0.5, 4), (0.72, 6), (0.86, 6), (3.0 / 7, 3)] {
      let some = try #require(words.restriction(scores: [1, 1, 1, 1, 1, 1, 1], keep: keep))
      #expect(some.beginning == "" && some.pieces?.count == 1)
      let text = try #require(some.pieces?.first)
      #expect(text.split(separator: " ").count == kept, "\(keep)")
    }
    #expect(words.restriction(scores: [1, 1, 1, 1, 1, 1, 1], keep: 0) == nil)
    #expect(TextWords(Self.pieces("film")).restriction(scores: [1], keep: 0.9) == nil)
  }

  /// Where no blank stands between words, what is written may follow directly.
  @Test func withoutBlanksWhatIsWrittenGoesOn() throws {
    let pieces = Self.pieces("好的电影")
    let one = try #require(TextWords(pieces).restriction(scores: [0, 0, 3, 0], keep: 0.75))
    #expect(one.beginning == "好的" && one.pieces == ["影"])
  }
}
