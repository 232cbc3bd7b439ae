import RecordTypes
import Testing

@testable import CVAEEvaluation

@Suite struct ColumnDistanceTests {
  @Test func kolmogorovAndSmirnovByHand() {
    #expect(ColumnDistance.kolmogorovSmirnov([4, 1, 3, 2], [5, 3, 6, 4]) == 0.5)
    #expect(ColumnDistance.kolmogorovSmirnov([5, 3, 6, 4], [4, 1, 3, 2]) == 0.5)
    // At 1, two thirds against a quarter.
    let tied = ColumnDistance.kolmogorovSmirnov([1, 2, 1], [2, 1, 2, 2])
    #expect(abs(tied - 5.0 / 12) < 1e-12)
    #expect(ColumnDistance.kolmogorovSmirnov([1, 2], [3, 4, 5]) == 1)
    #expect(ColumnDistance.kolmogorovSmirnov([3, 1], [1, 3, 1, 3]) == 0)
  }

  @Test func totalVariationByHand() {
    #expect(ColumnDistance.totalVariation([3, 1], [1, 1]) == 0.25)
    #expect(ColumnDistance.totalVariation([5, 0], [0, 2]) == 1)
    #expect(ColumnDistance.totalVariation([2, 4], [1, 2]) == 0)
  }

  @Test func onlyKnownValuesCount() {
    let number = Field(name: "x", kind: .number)
    func distance(_ first: [Double?], _ second: [Double?]) -> Double {
      ColumnDistance.between(.numbers(first), .numbers(second), of: number)
    }
    #expect(RecordColumn.numbers([1, nil, 2, nil]).missingShare == 0.5)
    #expect(distance([1, nil, 2, nil], [2, 1]) == 0)
    #expect(distance([1, nil, 2, nil], [nil]) == 1)
    #expect(distance([nil, nil], [nil]) == 0)
    let category = Field(name: "c", kind: .category(levels: ["a", "b"]))
    let levels = RecordColumn.levels([0, nil, 1, 0])
    #expect(levels.missingShare == 0.25)
    let others = RecordColumn.levels([0, nil, nil, nil])
    #expect(abs(ColumnDistance.between(levels, others, of: category) - 1.0 / 3) < 1e-12)
  }
}
