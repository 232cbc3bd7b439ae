import Testing

@testable import ConditionalData

@Suite struct DataSplitTests {
  private func split(
    _ count: Int, ownTest: Range<Int>? = nil, seed: UInt64 = 1, validation: Double = 0.05
  ) -> DataSplit {
    DataSplit(count: count, ownTest: ownTest, seed: seed, validation: validation)
  }

  @Test(arguments: [nil, 9_000..<10_000], [0, 0.05, 0.5, 0.99])
  func coversEveryRecordOnce(ownTest: Range<Int>?, validation: Double) {
    let split = split(10_000, ownTest: ownTest, validation: validation)
    #expect((split.train + split.validation + split.test).sorted() == Array(0..<10_000))
    #expect(split.train == split.train.sorted())
    #expect(split.validation == split.validation.sorted())
    #expect(split.test == split.test.sorted())
  }

  @Test(arguments: [1, 2, 3, 1_000_000] as [UInt64])
  func comesNearTheShares(seed: UInt64) {
    let split = split(100_000, seed: seed, validation: 0.2)
    // Five standard deviations of a binomial count.
    #expect(abs(split.test.count - 10_000) < 475, "seed \(seed)")
    #expect(abs(split.validation.count - 18_000) < 600, "seed \(seed)")
  }

  @Test func testRecordsAreTheDatasOwn() {
    let split = split(100, ownTest: 90..<100)
    #expect(split.test == Array(90..<100))
  }

  @Test func dependsOnIndexAndSeedAlone() throws {
    let few = split(1_000)
    let many = split(2_000)
    #expect(many.test.filter { $0 < 1_000 } == few.test)
    #expect(many.validation.filter { $0 < 1_000 } == few.validation)
    #expect(split(1_000, seed: 2).test != few.test)
    #expect(split(1_000, seed: 2).validation != few.validation)
    let data = try numbers((0..<1_000).map(Double.init))
    #expect(DataSplit(data, seed: 1, validation: 0.05) == few)
  }

  /// Evaluation finds the split of training again from the seed, so that it must never change.
  @Test func staysAsItIs() {
    let split = split(40, validation: 0.1)
    #expect(split.test == [2, 19])
    #expect(split.validation == [1, 11, 23, 26])
  }

  @Test func theTwoHashesAreIndependent() {
    let split = split(100_000, validation: 0.1)
    // Of the rest, a tenth; were the hashes the same, none or all.
    #expect(abs(Double(split.validation.count) / 90_000 - 0.1) < 0.005)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func leavesNoPartEmptyThatCanHaveARecord(seed: UInt64) {
    let few = split(2, ownTest: 0..<0, seed: seed, validation: 0.01)
    #expect(few.validation.count == 1 && few.train.count == 1)
    let most = split(3, ownTest: 0..<0, seed: seed, validation: 0.99)
    #expect(!most.train.isEmpty && !most.validation.isEmpty)
    #expect(split(50, ownTest: 0..<0, seed: seed, validation: 0).validation.isEmpty)
  }

  @Test func takesTheRecordOfSmallestHash() {
    let split = split(30, ownTest: 0..<0, seed: 5, validation: 1e-9)
    let smallest = (0..<30).min {
      RecordHash.uniform(record: $0, seed: 5, .validation)
        < RecordHash.uniform(record: $1, seed: 5, .validation)
    }
    #expect(split.validation.map(Int.init) == [smallest])
  }

  @Test func oneRecordIsForTraining() {
    let split = split(1, ownTest: 0..<0, validation: 0.01)
    #expect(split.train == [0] && split.validation.isEmpty)
  }
}
