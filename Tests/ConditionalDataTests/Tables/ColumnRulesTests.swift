import RecordTypes
import Testing

@testable import ConditionalData

/// Which columns decide others.
@Suite struct ColumnRulesTests {
  private func rules(_ columns: [RecordColumn]) -> [[Int]] {
    ColumnRules.find(columns.map { ColumnRules.Codes($0) }).map(\.places)
  }

  private let codes = (0..<2000).map { $0 * 7919 % 50 }

  private func column(_ value: (Int) -> Double?) -> RecordColumn {
    .numbers((0..<2000).map { value($0) } as [Double?])
  }

  @Test func decidersAreFound() {
    let code = column { Double(codes[$0] * 3) }
    let score = column { Double(codes[$0] * 31 % 7) }
    let noise = column { Double($0 * $0 % 11) }
    #expect(rules([code, score, noise]) == [[0, 1]])
    #expect(rules([score, noise, code]) == [[2, 0]])
    // Levels decide numbers, and the other way round.
    let levels = RecordColumn.levels(codes.map { Int32($0 * 31 % 7) })
    #expect(rules([code, levels]) == [[0, 1]])
  }

  /// Of columns that decide each other, the first one is the decider.
  @Test func codeAndName() {
    #expect(
      rules([column { Double(codes[$0]) }, RecordColumn.levels(codes.map { Int32(49 - $0) })])
        == [[0, 1]])
  }

  /// Two columns decide a third that neither decides alone; what one decides by itself needs no second.
  @Test func twoColumnsDecideAThird() {
    let item = column { Double($0 * 7919 % 6) }
    let size = RecordColumn.levels((0..<2000).map { Int32($0 * 104_729 / 7 % 4) })
    func price(_ row: Int) -> Double {
      Double(row * 7919 % 6 * 4) + [0, 4, 8, 8][row * 104_729 / 7 % 4]
    }
    #expect(rules([item, column(price), size]) == [[0, 2, 1]])
    let group = column { Double($0 * 7919 % 6 / 2) }
    #expect(rules([item, size, group]) == [[0, 2]])
    #expect(rules([item, size, column { $0 % 150 == 0 ? 3 : price($0) }]) == [[0, 1, 2]])
    #expect(rules([item, size, column { $0 % 31 == 0 ? 3 : price($0) }]) == [])
    #expect(rules([item, size, column { Double($0 * $0 % 11) }]) == [])
    // What is nearly always the same, and differs in a few pairs of values by chance.
    #expect(rules([item, size, column { $0 % 500 == 1 ? 1 : 0 }]) == [])
  }

  @Test func exceptionsAndHoles() {
    func score(_ row: Int) -> Double { Double(codes[row] * 31 % 7) }
    let code = column { Double(codes[$0] * 3) }
    #expect(rules([code, column { $0 % 150 == 0 ? 3 : score($0) }]) == [[0, 1]])
    #expect(rules([code, column { $0 % 30 == 0 ? 3 : score($0) }]) == [])
    // A missing value is decided, too; where the decider is missing, anything may be.
    #expect(rules([code, column { codes[$0] < 5 ? nil : score($0) }]) == [[0, 1]])
    #expect(rules([code, column { $0 % 9 == 0 ? nil : score($0) }]) == [])
    #expect(
      rules([
        column { $0 % 3 == 0 ? nil : Double(codes[$0]) },
        column { $0 % 3 == 0 ? Double($0 % 7) : score($0) },
      ]) == [[0, 1]])
  }

  @Test func whatChanceDoesIsNoRule() {
    // Nearly always the same.
    #expect(rules([column { Double(codes[$0]) }, column { $0 % 500 == 1 ? 1 : 0 }]) == [])
    // Too few records for each value, and too many values.
    #expect(rules([column { Double($0 / 5) }, column { Double($0 / 5 % 7) }]) == [])
    #expect(ColumnRules.Codes(column { Double($0) }) == nil)
    #expect(ColumnRules.Codes(column { _ in 1 }) == nil)
    #expect(ColumnRules.Codes(.numbers([1, 2, 3, 4], width: 2)) == nil)
  }

  /// Numbers that take part in a rule become numbers out of few, unless schema.yaml says what they are.
  @Test func numbersOutOfFew() throws {
    let folder = try TemporaryFolder()
    let rows = codes.map { "\($0 * 3),\(Double($0 * 31 % 7) + 0.5),\($0 % 2 == 0 ? "a" : "b")" }
    try folder.put((["code,score,kind"] + rows).joined(separator: "\n"), "a.csv")
    let data = try DataSet.load(folder.file("a.csv"))
    let code = try #require(data.schema.fields[0].kind.content as? DiscreteKind)
    #expect(code.values == (0..<50).map { Double($0 * 3) })
    #expect(data.schema.fields[1].kind.content is DiscreteKind)
    #expect(data.forms["score"] == .decimals(1))
    try folder.put("fields: {score: {kind: number}, code: {kind: number}}", "schema.yaml")
    #expect(
      try DataSet.load(folder.file("a.csv")).schema.fields.map(\.kind)[..<2] == [.number, .number])
  }
}
