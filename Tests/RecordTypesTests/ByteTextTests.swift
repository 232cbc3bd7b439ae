import Testing

@testable import RecordTypes

/// Names, levels and cells are compared by their bytes: `é` has two spellings, which are equal as `String`s.
@Suite struct ByteTextTests {
  private let composed = "\u{E9}"
  private let decomposed = "e\u{301}"

  @Test func bytesDecide() {
    #expect(composed == decomposed)
    let texts = [composed, decomposed, composed].map(ByteText.init)
    #expect(texts[0] != texts[1] && texts[0] == texts[2])
    #expect(Set(texts).count == 2)
    #expect(ByteText("a\r\nb") != ByteText("a\nb"))
  }

  /// Texts are in their usual order, spellings of one text always in the same.
  @Test func orderIsTotal() {
    let names = ["f", composed, "e", decomposed]
    let forth = names.map(ByteText.init).sorted()
    let back = names.reversed().map(ByteText.init).sorted()
    #expect(forth == back)
    #expect(
      forth.map { Array($0.text.utf8) } == ["e", "f", decomposed, composed].map { Array($0.utf8) })
  }

  @Test func namesAreFoundByTheirBytes() {
    let names = ["a", composed, decomposed, "a"]
    #expect(names.firstIndex(of: decomposed) == 1)
    #expect(names.firstIndex(spelled: decomposed) == 2)
    #expect(names.firstIndex(spelled: composed) == 1)
    #expect([composed].firstIndex(spelled: decomposed) == nil)
    let places = names.places
    #expect(places.count == 3)
    #expect(places[ByteText("a")] == 0)
    #expect(places[ByteText(composed)] == 1 && places[ByteText(decomposed)] == 2)
  }

  @Test func codePointsTellSpellingsApart() {
    #expect(composed.withCodePoints == "'\u{E9}' (U+00E9)")
    #expect(decomposed.withCodePoints == "'e\u{301}' (U+0065 U+0301)")
    #expect("\u{1F600}".withCodePoints == "'\u{1F600}' (U+1F600)")
    #expect(composed.repeated(after: composed) == "'\u{E9}' twice")
    #expect(
      composed.repeated(after: decomposed)
        == "two spellings of one name, 'e\u{301}' (U+0065 U+0301) and '\u{E9}' (U+00E9)")
  }

  @Test func categoriesDifferByTheSpellingOfALevel() {
    let (one, other) = (CategoryKind(levels: [composed]), CategoryKind(levels: [decomposed]))
    #expect(one != other && one == CategoryKind(levels: [composed]))
    #expect(Set([one, other]).count == 2)
    #expect(FieldKind.category(levels: [composed]) != .category(levels: [decomposed]))
  }
}
