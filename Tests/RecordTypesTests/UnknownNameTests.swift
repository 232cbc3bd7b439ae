import Testing

@testable import RecordTypes

@Suite struct UnknownNameTests {
  private let shoes = ["T-shirt/top", "Trouser", "Coat", "Bag", "Ankle boot"]

  @Test(arguments: [
    (
      "lable", ["image", "label"],
      "No field is named 'lable'; the nearest is 'label'; "
        + "known: 'image', 'label'."
    ),
    (
      "LABEL", ["image", "label"],
      "No field is named 'LABEL'; the nearest is 'label'; "
        + "known: 'image', 'label'."
    ),
    (
      "ac", ["aa", "ab", "bb"],
      "No field is named 'ac'; the nearest are 'aa', 'ab'; "
        + "known: 'aa', 'ab', 'bb'."
    ),
    ("x", ["image", "label"], "No field is named 'x'; known: 'image', 'label'."),
    ("x", [], "No field is named 'x'; there is none."),
  ])
  func namesTheNearestAndAllOfFew(name: String, known: [String], sentence: String) {
    #expect("\(UnknownName(kind: "field", name: name, known: known))" == sentence)
  }

  /// A name that looks like a known one is told apart by its code points.
  @Test func aTwinIsShownWithCodePoints() {
    #expect(
      "\(UnknownName(kind: "level", name: "caf\u{E9}", known: ["cafe\u{301}", "bar"]))"
        == "No level is named 'caf\u{E9}' (U+0063 U+0061 U+0066 U+00E9); the nearest is "
        + "'cafe\u{301}' (U+0063 U+0061 U+0066 U+0065 U+0301); known: "
        + "'cafe\u{301}' (U+0063 U+0061 U+0066 U+0065 U+0301), 'bar' (U+0062 U+0061 U+0072).")
  }

  @Test func namesNoMoreThanThreeOfMany() {
    let known = (10..<23).map { "field\($0)" }
    #expect(
      "\(UnknownName(kind: "field", name: "field1", known: known))"
        == "No field is named 'field1'; the nearest are 'field10', 'field11', 'field12'; "
        + "there are 13.")
  }

  @Test(arguments: [
    ("boot", ["Ankle boot"]), ("trousers", ["Trouser"]), ("shirt", ["T-shirt/top"]),
    ("baf", ["Bag"]), ("sandal", []),
  ])
  func findsPartsOfNames(name: String, nearest: [String]) {
    #expect(UnknownName(kind: "level", name: name, known: shoes).nearest == nearest)
  }

  @Test(arguments: [
    ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("kitten", "sitting", 3),
    ("ab", "ba", 1), ("abcd", "acbd", 1), ("ca", "abc", 3),
  ])
  func countsEdits(first: String, second: String, distance: Int) {
    #expect(EditDistance.between(Array(first), Array(second)) == distance)
  }
}
