import ConditionalData
import RecordTypes
import Testing

@testable import CVAEEvaluation

@Suite struct ComparedTablesTests {
  private func table(_ levels: [String], _ rows: [Int32?]) throws -> DataSet {
    try DataSet(
      schema: RecordSchema(fields: [Field(name: "c", kind: .category(levels: levels))]),
      columns: [.levels(rows)])
  }

  /// Levels are matched by their bytes; those of the synthetic rows alone come last.
  @Test func levelsAreMatchedByTheirBytes() throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    for (real, synthetic, all, moved) in [
      (
        [composed, "a"], [decomposed, "a", composed], [composed, "a", decomposed], [2, nil, 1, 0]
      ),
      ([composed, decomposed], [decomposed, composed], [composed, decomposed], [1, nil, 0]),
    ] as [([String], [String], [String], [Int32?])] {
      let tables = try ComparedTables(
        real: table(real, [0, 1]),
        synthetic: table(synthetic, [0, nil] + (1..<synthetic.count).map { Int32($0) }))
      let column = tables.synthetic.columns[0]
      #expect((0..<column.count).map { column.level($0) } == moved)
      #expect(tables.real.columns == [.levels([0, 1] as [Int32])])
      for records in [tables.real, tables.synthetic] {
        #expect(
          records.schema.fields[0].levels.map { Array($0.utf8) } == all.map { Array($0.utf8) })
      }
    }
  }
}
