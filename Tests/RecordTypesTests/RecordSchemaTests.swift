import Foundation
import Testing

@testable import RecordTypes

@Suite struct RecordTypesTests {
  private let schema: RecordSchema

  init() throws {
    schema = try RecordSchema(fields: [
      Field(name: "image", kind: .image(ImageSize(height: 28, width: 20, channels: 3))),
      Field(name: "label", kind: .category(levels: ["boot", "coat"])),
      Field(name: "heel", kind: .number),
      Field(name: "colour", kind: .vector(count: 4)),
    ])
  }

  @Test func knowsWidthsAndLevels() throws {
    #expect(schema.fields.map(\.width) == [1680, 1, 1, 4])
    #expect(schema.fields.map(\.isCategory) == [false, true, false, false])
    #expect(schema.fields.map(\.levels) == [[], ["boot", "coat"], [], []])
    #expect(try schema.field("heel").kind == .number)
    #expect(try schema.index(of: "colour") == 3)
    #expect(throws: UnknownName(kind: "field", name: "x", known: schema.fields.map(\.name))) {
      try schema.field("x")
    }
  }

  @Test(
    arguments: [
      (
        [Field(name: "a", kind: .number), Field(name: "a", kind: .vector(count: 2))],
        "expected each field's name once, got 'a' twice; rename one of them."
      ),
      (
        [Field(name: "\u{E9}", kind: .number), Field(name: "e\u{301}", kind: .number)],
        "expected each field's name once, got two spellings of one name, '\u{E9}' (U+00E9) and "
          + "'e\u{301}' (U+0065 U+0301); rename one of them."
      ),
      (
        [Field(name: "a", kind: .category(levels: []))],
        "expected at least one level of field 'a', got none; name its levels."
      ),
      (
        [Field(name: "a", kind: .category(levels: ["x", "y", "x"]))],
        "expected each level of field 'a' once, got 'x' twice; name it once."
      ),
      (
        [Field(name: "a", kind: .vector(count: 0))],
        "expected extents from 1 to 1000000 in field 'a', got 0; correct its size."
      ),
      (
        [Field(name: "a", kind: .image(ImageSize(height: 1, width: 2_000_000, channels: 1)))],
        "expected extents from 1 to 1000000 in field 'a', got 2000000; correct its size."
      ),
      (
        [Field(name: "a", kind: .text(longest: 0))],
        "expected 1 to 4096 as the most tokens of field 'a', got 0; correct 'longest'."
      ),
      (
        [Field(name: "a", kind: .text(merges: 8193))],
        "expected 0 to 8192 merges of field 'a', got 8193; correct 'merges'."
      ),
    ] as [([Field], String)])
  func refusesImpossibleFields(fields: [Field], sentence: String) throws {
    let refused = #expect(throws: InvalidRecords.self) { try RecordSchema(fields: fields) }
    #expect(refused?.description == sentence)
  }

  @Test func readsWellAsJSONAndBack() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(schema)
    #expect(
      String(decoding: data, as: UTF8.self)
        == #"{"fields":[{"kind":{"channels":3,"height":28,"kind":"image","width":20},"name":"#
        + #""image"},{"kind":{"kind":"category","levels":["boot","coat"]},"name":"label"},"#
        + #"{"kind":{"kind":"number"},"name":"heel"},"#
        + #"{"kind":{"count":4,"kind":"vector"},"name":"colour"}]}"#)
    #expect(try JSONDecoder().decode(RecordSchema.self, from: data) == schema)
  }

  @Test(
    arguments: [
      (TextKind(), #"{"kind":"text","longest":64,"merges":2048,"tokens":"pairs"}"#, 2305),
      (
        TextKind(longest: 24, tokens: .bytes), #"{"kind":"text","longest":24,"tokens":"bytes"}"#,
        257
      ),
    ])
  func textsHaveTheirSettings(kind: TextKind, json: String, vocabulary: Int) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(FieldKind(kind))
    #expect(String(decoding: data, as: UTF8.self) == json)
    #expect(try JSONDecoder().decode(FieldKind.self, from: data) == FieldKind(kind))
    #expect(kind.vocabulary == vocabulary && kind.endToken == Int32(vocabulary - 1))
    let field = Field(name: "gloss", kind: FieldKind(kind))
    #expect(field.isText && !field.isNumber && !field.isCategory && field.width == 1)
    #expect(
      throws: UnknownName(kind: "unit of tokens", name: "words", known: ["pairs", "bytes"])
    ) {
      try JSONDecoder().decode(
        FieldKind.self, from: Data(#"{"kind":"text","longest":9,"tokens":"words"}"#.utf8))
    }
  }

  /// Two spellings of é, and two line breaks, are levels of their own, also in a model file.
  @Test func levelsAreComparedByTheirBytes() throws {
    let levels = ["\u{E9}", "e\u{301}", "a\r\nb", "a\nb"]
    let schema = try RecordSchema(fields: [Field(name: "a", kind: .category(levels: levels))])
    let read = try JSONDecoder().decode(RecordSchema.self, from: JSONEncoder().encode(schema))
    #expect(read == schema)
    #expect(read.fields[0].levels.map { Array($0.utf8) } == levels.map { Array($0.utf8) })
  }

  @Test(arguments: [
    #"[]"#, #"[{"name":"a","kind":{"kind":"number"}},{"name":"a","kind":{"kind":"number"}}]"#,
    #"[{"name":"a","kind":{"kind":"category","levels":[]}}]"#,
    #"[{"name":"a","kind":{"kind":"category","levels":["x","x"]}}]"#,
    #"[{"name":"a","kind":{"kind":"vector","count":0}}]"#,
    #"[{"name":"a","kind":{"kind":"image","height":1,"width":-1,"channels":1}}]"#,
    #"[{"name":"a","kind":{"kind":"image","height":1,"width":2000000,"channels":1}}]"#,
  ])
  func refusesImpossibleJSON(fields: String) {
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(RecordSchema.self, from: Data(#"{"fields":\#(fields)}"#.utf8))
    }
  }

  /// Version 0.2.0 kept the absence of numbers in categories beside them, and that of a category in a last
  /// level without a name.
  @Test func schemasOfAnEarlierVersionAreReadInTodaysTerms() throws {
    let json = #"""
      {"fields":[
        {"kind":{"kind":"number"},"name":"size"},
        {"kind":{"kind":"category","levels":["a","b",""]},"name":"kind"},
        {"kind":{"kind":"category","levels":["","a"]},"name":"first"},
        {"kind":{"kind":"category","levels":[""]},"name":"only"},
        {"kind":{"count":2,"kind":"vector"},"name":"place"},
        {"kind":{"kind":"number"},"name":"heel"},
        {"absenceOf":"place","kind":{"kind":"category","levels":["no","yes"]},"name":"place is missing"},
        {"absenceOf":"size","kind":{"kind":"category","levels":["no","yes"]},"name":"size is missing"},
        {"kind":{"kind":"category","levels":["no","yes"]},"name":"heel is missing"}
      ]}
      """#
    let read = try JSONDecoder().decode(RecordSchema.self, from: Data(json.utf8))
    let expected = try RecordSchema(fields: [
      Field(name: "size", kind: .number, mayBeMissing: true),
      Field(name: "kind", kind: .category(levels: ["a", "b"]), mayBeMissing: true),
      Field(name: "first", kind: .category(levels: ["", "a"])),
      Field(name: "only", kind: .category(levels: [""])),
      Field(name: "place", kind: .vector(count: 2), mayBeMissing: true),
      Field(name: "heel", kind: .number),
      Field(name: "heel is missing", kind: .category(levels: ["no", "yes"])),
    ])
    #expect(read == expected)
    #expect(
      try JSONDecoder().decode(RecordSchema.self, from: JSONEncoder().encode(read)) == expected)
  }

  /// A level without a name that is the data's own stays one, also in the last place.
  @Test(arguments: [false, true])
  func levelsWithoutANameStay(mayBeMissing: Bool) throws {
    let schema = try RecordSchema(fields: [
      Field(name: "kind", kind: .category(levels: ["a", ""]), mayBeMissing: mayBeMissing)
    ])
    #expect(
      try JSONDecoder().decode(RecordSchema.self, from: JSONEncoder().encode(schema)) == schema)
  }

  @Test func kindsAreKnownByName() {
    #expect(
      throws: UnknownName(
        kind: "kind of field", name: "sound",
        known: ["category", "number", "discrete", "vector", "image", "text"])
    ) {
      try JSONDecoder().decode(
        RecordSchema.self, from: Data(#"{"fields":[{"name":"a","kind":{"kind":"sound"}}]}"#.utf8))
    }
  }
}
