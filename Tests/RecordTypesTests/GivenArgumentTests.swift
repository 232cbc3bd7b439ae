import Testing

@testable import RecordTypes

@Suite struct GivenArgumentTests {
  private let schema: RecordSchema

  init() throws {
    schema = try RecordSchema(fields: [
      Field(name: "image", kind: .image(ImageSize(height: 2, width: 3, channels: 1))),
      Field(name: "label", kind: .category(levels: ["boot", "coat", "bag", "a=b"])),
      Field(name: "word", kind: .category(levels: ["any", "*"])),
      Field(name: "rank", kind: .category(levels: ["1", "2", "3"])),
      Field(name: "heel", kind: .number),
    ])
  }

  private func value(_ argument: String) throws -> GivenValue {
    try GivenArgument.parse(argument).value(in: schema)
  }

  private func sentence(_ argument: String) -> String {
    do { return "\(try value(argument))" } catch { return "\(error)" }
  }

  @Test(
    arguments: [
      ("label=coat", .level(1)), ("label=1", .level(1)), ("label=3", .level(3)),
      ("label=bag", .level(2)), ("label=0", .level(0)), ("label=a=b", .level(3)),
      ("label=*", .every), ("label=any", .any),
      ("label=missing", .missing), ("label=", .missing), ("heel=", .missing),
      ("word=any", .level(0)), ("word=*", .level(1)), ("heel=-2.5e1", .number(-25)),
      ("heel=any", .any), ("image=any", .any), ("heel=5000..8000", .range(5000...8000)),
      ("heel=-1.5..-1", .range(-1.5 ... -1)), ("label=boot|coat", .levels([0, 1])),
      ("label=3|0", .levels([3, 0])), ("rank=1", .level(0)), ("rank=3|2", .levels([2, 1])),
    ] as [(String, GivenValue)])
  func understands(argument: String, expected: GivenValue) throws {
    #expect(try value(argument) == expected)
  }

  /// A text that is a level's name to the byte means that level, whatever else it could mean.
  @Test func levelsAreNamedByTheirBytes() throws {
    let levels = ["\u{E9}", "e\u{301}", "missing", "", "a|b", "\u{301}x"]
    let schema = try RecordSchema(fields: [Field(name: "k", kind: .category(levels: levels))])
    for (index, level) in levels.enumerated() {
      #expect(try GivenArgument.parse("k=\(level)").value(in: schema) == .level(index))
    }
    #expect(try GivenArgument.parse("k=e\u{301}|\u{E9}").value(in: schema) == .levels([1, 0]))
    // The bar stays one with a mark behind it.
    #expect(try GivenArgument.parse("k=missing|\u{301}x").value(in: schema) == .levels([2, 5]))
    let one = try RecordSchema(fields: [Field(name: "k", kind: .category(levels: ["\u{E9}"]))])
    let refused = #expect(throws: UnknownName.self) {
      try GivenArgument.parse("k=e\u{301}").value(in: one)
    }
    #expect(refused?.description.contains("(U+0065 U+0301)") == true)
  }

  private func value(_ text: String, of levels: [String]) throws -> GivenValue {
    let schema = try RecordSchema(fields: [Field(name: "k", kind: .category(levels: levels))])
    return try GivenArgument.parse("k=\(text)").value(in: schema)
  }

  private func sentence(_ text: String, of levels: [String]) -> String {
    do { return "\(try value(text, of: levels))" } catch { return "\(error)" }
  }

  /// However numbers are spelled, no index stands for a level that is one.
  @Test(arguments: [
    (["10%", "15%", "20%"], "1", "the nearest is '10%'"),
    (["10%", "15%", "20%"], "17", "the nearest are '15%', '20%'"),
    (["$1,000", "$500"], "1", "the nearest is '$500'"),
    (["1,5", "2,5"], "1", "the nearest is '1,5'"), (["1.000,50 €", "x"], "1", "1.000,50 €"),
    ([" 3", "4"], "1", "the nearest is ' 3'"), (["007", "008"], "1", "the nearest is '007'"),
  ])
  func numbersHaveNoIndices(levels: [String], text: String, words: String) {
    let sentence = sentence(text, of: levels)
    #expect(sentence.hasPrefix("No level of 'k' is named '\(text)'"), "\(sentence)")
    #expect(sentence.contains(words), "\(sentence)")
  }

  /// A range stands for the levels whose numbers lie in it.
  @Test(
    arguments: [
      (["2", "3", "5", "7"], "3..7", [1, 2, 3]), (["2", "3", "5", "7"], "5..", [2, 3]),
      (["2", "3", "5", "7"], "..2.5", [0]), (["10%", "15%", "20%"], "12..20%", [1, 2]),
      (["$500", "$1,000"], "$600..", [1]),
    ] as [([String], String, [Int])])
  func rangesOfLevels(levels: [String], text: String, places: [Int]) throws {
    #expect(try value(text, of: levels) == .levels(places))
  }

  @Test func rangesWithoutLevelsAreRefused() {
    #expect(
      sentence("4..4.5", of: ["2", "3", "5"])
        == "'k': expected a range with a level in it, of which '3' and '5' are nearest, got '4..4.5'."
    )
    #expect(
      sentence("9..", of: ["2", "3", "5"])
        == "'k': expected a range with a level in it, of which '5' is nearest, got '9..'.")
    #expect(
      sentence("1..3", of: ["1", "2", "many"])
        == "'k': expected levels such as '1|2', as 'many' is no number, got '1..3'.")
    #expect(
      sentence("5..3", of: ["2", "3", "5"])
        == "'k': expected a range from its lower end to its upper one, got '5..3'.")
    #expect(sentence("..", of: ["1", "2"]).hasPrefix("No level of 'k' is named '..'"))
  }

  /// What the data have for a missing value means it here too.
  @Test func declaredWordsAreMissing() throws {
    let schema = try RecordSchema(fields: [
      Field(
        name: "k", kind: .category(levels: ["a", "None"]),
        style: CellStyle(missing: ["-", "\u{E9}"]))
    ])
    func value(_ text: String) throws -> GivenValue {
      try GivenArgument(fieldName: "k", text: text).value(in: schema)
    }
    #expect(try value("-") == .missing && value("\u{E9}") == .missing)
    #expect(try value("None") == .level(1))
    #expect(throws: UnknownName.self) { try value("e\u{301}") }
  }

  /// A range of numbers may lack an end where the least and the greatest number are known.
  @Test func rangesMayBeOpen() throws {
    func range(_ text: String) throws -> GivenValue {
      try GivenArgument(fieldName: "heel", text: text).number(ends: 1...9) { Double($0) }
    }
    #expect(try range("5..") == .range(5...9) && range("..5") == .range(1...5))
    #expect(try range("5..20") == .range(5...20))
    let refused = #expect(throws: InvalidGiven.self) { try range("10..") }
    #expect(refused?.expected == "a range that has a training record's value in it")
  }

  /// `missing` is offered where the field may be so.
  @Test func missingIsOffered() throws {
    let schema = try RecordSchema(fields: [
      Field(name: "x", kind: .number, mayBeMissing: true)
    ])
    let refused = #expect(throws: InvalidGiven.self) {
      try GivenArgument(fieldName: "x", text: "tall").value(in: schema)
    }
    #expect(
      refused?.expected == "a finite number, a range such as 'low..high', 'any' or 'missing'")
  }

  /// A text that stands for several numbers is a range as a value, and ends with the last of them as an end.
  @Test func aTextMayStandForSeveralNumbers() throws {
    func value(_ text: String) throws -> GivenValue {
      try GivenArgument(fieldName: "x", text: text)
        .number(last: { $0 == "7" ? 7.75 : nil }, { Double($0) })
    }
    #expect(try value("7") == .range(7...7.75) && value("7..7") == .range(7...7.75))
    #expect(try value("7..8") == .range(7...8) && value("6.5") == .number(6.5))
  }

  /// The longest name that is known and followed by an equals sign is the field's.
  @Test(arguments: [
    ("a=1", "a", "1"), ("a=b=1", "a=b", "1"), ("a=b=c=1", "a=b=c", "1"), ("a=b=c", "a=b", "c"),
    ("a=bc=1", "a", "bc=1"), ("=x=1", "=x", "1"), ("a==1", "a=", "1"),
    ("other=x=1", "other", "x=1"),
    ("a=b=", "a=b", ""), ("q=\u{301}=1", "q=\u{301}", "1"),
  ])
  func namesMayHaveEqualsSigns(argument: String, name: String, text: String) throws {
    let known = ["a", "a=b", "a=b=c", "=x", "a=", "q=\u{301}"]
    let parsed = try GivenArgument.parse(argument, known: known)
    #expect(parsed == GivenArgument(fieldName: name, text: text))
  }

  @Test(arguments: ["label", "=3", ""])
  func needsBothParts(argument: String) {
    #expect(
      sentence(argument) == "--given: expected FIELD=VALUE, such as 'label=3', got '\(argument)'.")
  }

  @Test func saysWhatIsWrong() {
    #expect(
      sentence("lable=1") == "No field is named 'lable'; the nearest is 'label'; "
        + "known: 'image', 'label', 'word', 'rank', 'heel'.")
    #expect(
      sentence("label=boat") == "No level of 'label' is named 'boat'; "
        + "the nearest are 'boot', 'coat'; known: 'boot', 'coat', 'bag', 'a=b'.")
    for index in ["4", "-1"] {
      #expect(
        sentence("label=\(index)")
          == "'label': expected a level's name or an index from 0 to 3, got \(index).")
    }
    // Where a level's name is a number, no index stands for a level.
    #expect(
      sentence("rank=0") == "No level of 'rank' is named '0'; the nearest is '1'; "
        + "known: '1', '2', '3'.")
    for text in ["nan", "inf", "tall", "*", "1,5"] {
      #expect(
        sentence("heel=\(text)")
          == "'heel': expected a finite number, a range such as 'low..high', or 'any', got "
          + "'\(text)'.")
    }
    #expect(
      sentence("heel=8..5")
        == "'heel': expected a range from its lower end to its upper one, got '8..5'.")
    #expect(sentence("heel=..5").hasSuffix("got '..5'."))
    #expect(
      sentence("heel=30|40")
        == "'heel': expected a finite number, a range such as 'low..high', or 'any', as sets are for "
        + "categories, got '30|40'.")
    for text in ["*|boot", "boot|*"] {
      #expect(
        sentence("label=\(text)")
          == "'label': expected levels with '|' between them, or '*' alone, which stands for each level in "
          + "turn, got '\(text)'.")
    }
    #expect(sentence("label=boot|boat").hasPrefix("No level of 'label' is named 'boat'"))
    #expect(
      sentence("image=3")
        == "'image': expected 'any', as an image of 2 × 3 × 1 can't be written out, "
        + "got '3'.")
  }
}
