import RecordTypes
import Testing

@testable import ConditionalData

/// Categories of data in the terms of a model.
@Suite struct MatchingLevelsTests {
  private func matched(
    _ own: [String], _ levels: [Int32?], to wanted: [String], keepingUnknownOf name: String? = nil
  ) throws -> DataSet {
    func schema(_ levels: [String]) throws -> RecordSchema {
      try RecordSchema(fields: [Field(name: "label", kind: .category(levels: levels))])
    }
    return try DataSet(schema: schema(own), columns: [.levels(levels)])
      .matchingLevels(of: schema(wanted), keepingUnknownOf: name)
  }

  @Test func unknownLevelsAreKeptBehindTheOthers() throws {
    let data = try matched(
      ["x", "b", "y"], [0, nil, 1, 2], to: ["a", "b"], keepingUnknownOf: "label")
    #expect(data.schema.fields[0].levels == ["a", "b", "x", "y"])
    #expect(data.columns == [.levels([2, nil, 1, 3])])
    #expect(
      sentence {
        _ = try matched(["x"], [0], to: ["a", "b"], keepingUnknownOf: "other")
      }.hasPrefix("No level of 'label' is named 'x'"))
  }

  @Test func levelsAreMatchedByName() throws {
    let data = try matched(["b", "c", "a"], [0, nil, 1, 2], to: ["a", "b", "c", "d"])
    #expect(data.columns == [.levels([1, nil, 2, 0])])
    #expect(data.schema.fields[0].levels == ["a", "b", "c", "d"])
    #expect(
      try matched(["1", "2"], [0, 1], to: ["2", "1"]).columns == [.levels([1, 0] as [Int32])])
  }

  @Test func levelsAreMatchedByTheirBytes() throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    #expect(
      try matched([composed, decomposed], [0, 1, 1], to: [decomposed, composed]).columns
        == [.levels([1, 0, 0] as [Int32])])
    // Equal as strings, so that only bytes tell that the level is unknown.
    #expect(
      sentence { _ = try matched([composed], [0], to: [decomposed]) }
        .hasPrefix(
          "No level of 'label' is named '\u{E9}' (U+00E9); the nearest is 'e\u{301}' (U+0065"))
  }

  /// A level that no record has may be unknown.
  @Test func usedLevelsCount() throws {
    #expect(try matched(["b", "x"], [0], to: ["a", "b"]).columns == [.levels([1] as [Int32])])
    #expect(
      sentence { _ = try matched(["b", "x"], [0, 1], to: ["a", "b"]) }
        == "No level of 'label' is named 'x'; the nearest are 'a', 'b'; known: 'a', 'b'.")
  }

  @Test func numberedLevelsAreIndicesOfNames() throws {
    #expect(
      try matched(["0", "1", "2"], [2, 0, nil], to: ["boot", "coat", "bag"]).columns
        == [.levels([2, 0, nil])])
    #expect(
      sentence { _ = try matched(["0", "1", "2"], [2], to: ["boot", "coat"]) }
        .hasPrefix("No level of 'label' is named '2'"))
  }

  /// 0, 1, 2 are no indices where a model knows 1, 2, 3: 1 means 1 in both, and nothing means 0.
  @Test func numbersAreNamesWhereTheModelsAre() throws {
    #expect(
      try matched(["0", "1", "2"], [1, 2], to: ["1", "2", "3"]).columns
        == [.levels([0, 1] as [Int32])])
    let said = sentence { _ = try matched(["0", "1", "2"], [1, 0], to: ["1", "2", "3"]) }
    #expect(said.hasPrefix("No level of 'label' is named '0'; "))
    #expect(said.hasSuffix("known: '1', '2', '3'."))
  }

  @Test func levelsAreCounted() throws {
    func counts(_ own: [String], _ levels: [Int32?]) throws -> String? {
      let data = try matched(own, levels, to: own)
      return data.levelCounts(of: data.schema.fields[0])
    }
    #expect(
      try counts(["b", "a", "c"], [2, nil, 0, 2])
        == "a category of 3 levels: b (1), a (0) and c (2)")
    let nine = (1...9).map { "l\($0)" }
    #expect(
      try counts(nine, (Int32(0)..<9).map { $0 } + [3, 3, 5])
        == "a category of 9 levels, from 1 record of 'l1' to 3 of 'l4'")
    #expect(try numbers([1]).levelCounts(of: Field(name: "heel", kind: .number)) == nil)
  }
}
