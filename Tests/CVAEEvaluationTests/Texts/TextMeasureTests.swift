import Testing

@testable import CVAEEvaluation

/// Measures of texts against figures by hand.
@Suite struct TextMeasureTests {
  private func words(_ text: String) -> [UInt64] { TextUnit.words.numbers(of: text) }

  @Test func wordsOfManyLanguages() {
    #expect(words("The cat's CAT, the") == words("the cat s cat the"))
    #expect(words("Größe ΣΊΣΥΦΟΣ") == words("größe σίσυφοσ"))
    // A vowel sign doesn't end a word.
    #expect(words("हिन्दी भाषा").count == 2)
    #expect(words("我爱 Swift 编程").count == 5)
    #expect(words("我爱") == words("我") + words("爱"))
    #expect(words("- !?") == [])
    #expect(words("ab") != words("ba"))
  }

  @Test func charactersAreSpelled() {
    #expect(TextUnit.characters.numbers(of: "Cc 1=\n") == [67, 99, 49, 61])
    #expect(TextUnit.of(["a red house", "blue"]) == .words)
    #expect(TextUnit.of(["CC(=O)Oc1ccccc1C(=O)O", "CCO"]) == .characters)
    #expect(TextUnit.of(["我爱编程", "春眠不觉晓,处处闻啼鸟"]) == .characters)
    #expect(TextUnit.of([String]()) == .characters)
  }

  /// The sentences are those of Lin, 2004, section 3.
  @Test func rougeByHand() {
    let reference = words("police killed the gunman")
    let same = words("police kill the gunman")
    let other = words("the gunman kill police")
    // 3 of 4 words each; "the gunman" of 3 pairs; the order keeps 3 or 2 words.
    #expect(TextOverlap.rouge(1, same, reference) == 0.75)
    #expect(TextOverlap.rouge(1, other, reference) == 0.75)
    #expect(abs(TextOverlap.rouge(2, same, reference) - 1.0 / 3) < 1e-12)
    #expect(abs(TextOverlap.rouge(2, other, reference) - 1.0 / 3) < 1e-12)
    #expect(TextOverlap.rougeL(same, reference) == 0.75)
    #expect(TextOverlap.rougeL(other, reference) == 0.5)
    // 2 of 2 words found of 4: precision 1, recall 1/2.
    #expect(abs(TextOverlap.rouge(1, words("the police"), reference) - 2.0 / 3) < 1e-12)
    // A word counts as often as the reference has it: 1 of 3, 1 of 4.
    #expect(abs(TextOverlap.f1(words("the the the"), reference) - 2.0 / 7) < 1e-12)
    #expect(abs(TextOverlap.rougeL(words("the the the"), reference) - 2.0 / 7) < 1e-12)
    #expect(TextOverlap.rouge(2, words("police"), words("police")) == 0)
    #expect(TextOverlap.f1([], []) == 1)
    #expect(TextOverlap.f1([], reference) == 0)
    #expect(TextOverlap.rougeL([], []) == 0)
  }

  @Test func varietyByHand() {
    let wholes = ["a b a b", "a b", "a b"]
    let variety = TextVariety(wholes.map(words), wholes: wholes)
    // a and b of 8; "a b" and "b a" of 5.
    #expect(variety.distinct1 == 0.25)
    #expect(variety.distinct2 == 0.4)
    #expect(variety.unique == 2.0 / 3)
    let single = TextVariety([[1]], wholes: ["a"])
    #expect(single.distinct2 == nil)
    // Two spellings of one letter are two texts.
    #expect(TextVariety([[1], [2]], wholes: ["\u{e9}", "e\u{301}"]).unique == 1)
  }

  @Test func copiesByHand() throws {
    let training = ["one two three four five six seven eight nine", "short"]
    let generated = [
      "short", "Short",
      // Of its two runs of eight, the first is copied.
      "one two three four five six seven eight ten",
      // Of its three, none.
      "zero one two three four five six seven ten nine",
    ]
    let copies = TextCopies(
      generated: generated, test: ["other"], training: training, units: .words)
    #expect(copies.runLength == 8)
    #expect(copies.generated.whole.mean == 0.25)
    #expect(try #require(copies.generated.runs).mean == 0.25)
    #expect(copies.test.whole.mean == 0)
    #expect(copies.test.runs == nil)
    let all = TextCopies(
      generated: training, test: training, training: training.lazy.map { $0 }, units: .words)
    #expect(all.generated.whole.mean == 1 && all.generated.runs?.mean == 1)
  }
}
