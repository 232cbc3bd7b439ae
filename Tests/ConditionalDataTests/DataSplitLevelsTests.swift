import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// Splits that keep the records of one level together.
@Suite struct DataSplitLevelsTests {
  /// Records that take their levels in turn; `names` says how levels are called.
  private func data(
    levels: Int, records: Int, names: (Int) -> String = { "design \($0)" },
    ownTest: Range<Int>? = nil, missing: Set<Int> = []
  ) throws -> DataSet {
    let values = (0..<records).map { missing.contains($0) ? nil : Int32($0 % levels) }
    return try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "x", kind: .number),
        Field(name: "design", kind: .category(levels: (0..<levels).map(names))),
      ]),
      columns: [.numbers((0..<records).map(Double.init)), .levels(values)],
      ownTest: ownTest, source: "fonts.npz")
  }

  private func split(
    _ data: DataSet, seed: UInt64 = 1, validation: Double = 0.1
  ) throws -> DataSplit {
    try DataSplit(data, seed: seed, validation: validation, by: "design")
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func levelsStayTogether(seed: UInt64) throws {
    let split = try split(data(levels: 200, records: 1_000), seed: seed)
    #expect((split.train + split.validation + split.test).sorted() == Array(0..<1_000))
    let parts = [split.train, split.validation, split.test].map { Set($0.map { $0 % 200 }) }
    #expect(parts[0].isDisjoint(with: parts[1].union(parts[2])))
    #expect(parts[1].isDisjoint(with: parts[2]))
    // Five standard deviations of a binomial count.
    #expect(abs(parts[2].count - 20) < 22 && abs(parts[1].count - 18) < 21, "seed \(seed)")
    #expect(!parts[2].isEmpty && !parts[1].isEmpty)
  }

  /// The order of levels, and which others there are, says nothing.
  @Test func namesDecide() throws {
    let few = try data(levels: 100, records: 200)
    let turned = try data(levels: 150, records: 300, names: { "design \(149 - $0)" })
    func names(_ data: DataSet, _ records: [Int32]) -> Set<String> {
      Set(
        records.map { data.schema.fields[1].levels[Int($0) % data.schema.fields[1].levels.count] })
    }
    let (one, other) = (try split(few), try split(turned))
    #expect(
      names(few, one.test) == names(turned, other.test).intersection(few.schema.fields[1].levels))
    #expect(try names(few, split(few, seed: 2).test) != names(few, one.test))
  }

  /// Evaluation finds the split of training again, so that it must never change.
  @Test func staysAsItIs() throws {
    let split = try split(data(levels: 30, records: 30), validation: 0.2)
    #expect(split.test == [22, 23])
    #expect(split.validation == [2, 5, 19, 20, 24, 25])
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func threeLevelsAreEnoughForAllParts(seed: UInt64) throws {
    let split = try split(data(levels: 3, records: 30), seed: seed, validation: 0.01)
    #expect(!split.test.isEmpty && !split.validation.isEmpty && !split.train.isEmpty)
    let most = try self.split(data(levels: 4, records: 30), seed: seed, validation: 0.99)
    #expect(!most.test.isEmpty && !most.train.isEmpty && !most.validation.isEmpty)
    let two = try self.split(data(levels: 2, records: 30), seed: seed, validation: 0)
    #expect(!two.train.isEmpty && two.validation.isEmpty)
  }

  @Test func ownTestStays() throws {
    let split = try split(data(levels: 40, records: 200, ownTest: 150..<200))
    #expect(split.test == Array(150..<200))
    let (train, held) = (Set(split.train.map { $0 % 40 }), Set(split.validation.map { $0 % 40 }))
    #expect(train.isDisjoint(with: held) && !held.isEmpty)
    #expect(train.union(held).count == 40)
  }

  @Test func recordsWithoutALevelAreSplitAlone() throws {
    let missing = Set(0..<100)
    let data = try data(levels: 10, records: 400, missing: missing)
    let (split, alone) = (try split(data), DataSplit(data, seed: 1, validation: 0.1))
    #expect(split.test.filter { $0 < 100 } == alone.test.filter { $0 < 100 })
    #expect((split.train + split.validation + split.test).sorted() == Array(0..<400))
  }

  @Test func withoutAFieldRecordsAreSplitOneByOne() throws {
    let data = try data(levels: 10, records: 400)
    #expect(
      try DataSplit(data, seed: 3, validation: 0.1, by: nil)
        == DataSplit(data, seed: 3, validation: 0.1))
  }

  @Test func fieldMustBeACategory() throws {
    let data = try data(levels: 3, records: 9)
    let failure = #expect(throws: DataFileFailure.self) {
      try DataSplit(data, seed: 1, validation: 0, by: "x")
    }
    #expect(
      failure?.description
        == "fonts.npz: expected a category in field 'x' to split by, got a number; "
        + "split by a category.")
    #expect(throws: UnknownName.self) { try DataSplit(data, seed: 1, validation: 0, by: "face") }
  }
}
