import RecordTypes
import Testing

@testable import CVAEEvaluation

@Suite struct NearestFillingTests {
  private func rows(_ x: [Double?], _ y: [Double?], _ c: [Int32?]) throws -> Records {
    try Records(
      schema: RecordSchema(fields: [
        Field(name: "x", kind: .number), Field(name: "y", kind: .number),
        Field(name: "c", kind: .category(levels: ["a", "b", "c"])),
      ]), columns: [.numbers(x), .numbers(y), .levels(c)])
  }

  /// Of two groups of five rows, each cell comes from the one that is near.
  @Test func nearRowsFillTheHoles() throws {
    let known = try rows(
      [0, 0.1, 0.2, 0.3, 0.4, 9, 9.1, 9.2, 9.3, 9.4],
      [1, 2, 3, nil, 6, 70, 70, 70, 70, 70], [0, 1, 1, nil, 2, 2, 2, 2, 2, 2])
    let holed = try rows([0.2, 9.2, nil, 0.2], [nil, nil, 70, 5], [nil, 2, 2, 0])
    let filled = NearestFilling(known).filled(holed)
    #expect(filled.columns[0].numbers[..<2] == [0.2, 9.2], "known cells stay")
    #expect(abs(filled.columns[0].numbers[2] - 9.2) < 1e-12)
    #expect(filled.columns[1].numbers == [3, 70, 70, 5], "the mean of 1, 2, 3 and 6")
    #expect(filled.columns[2].levels == [1, 2, 2, 0])
    #expect(filled.columns.allSatisfy { !$0.hasMissing })
  }

  @Test func whatNoNeighbourKnows() throws {
    let known = try rows(
      [0, 1, 2, 3, 4, 90], [nil, nil, nil, nil, nil, 8], [nil, nil, nil, nil, nil, 1])
    let filled = NearestFilling(known).filled(try rows([2], [nil], [nil]))
    #expect(filled.columns[1].number(0) == 8, "the mean of all that is known")
    #expect(filled.columns[2].level(0) == nil)
  }

  @Test func aShareOfTheKnownCellsBecomesHoles() throws {
    let table = try rows(
      (0..<1000).map { Double($0) }, [Double?](repeating: nil, count: 1000),
      (0..<1000).map { $0 % 2 == 0 ? nil : 1 })
    let holed = table.withHoles(share: 0.2, seed: 1)
    #expect((150...250).contains(holed.columns[0].incompleteCount))
    #expect(holed.columns[0].numbers == table.columns[0].numbers)
    #expect(holed.columns[1].incompleteCount == 1000)
    #expect((0..<1000).allSatisfy { table.columns[2].isKnown($0) || !holed.columns[2].isKnown($0) })
    #expect((550...650).contains(holed.columns[2].incompleteCount))
  }
}
