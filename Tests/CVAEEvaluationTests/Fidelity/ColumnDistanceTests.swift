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
    func column(_ numbers: [Float]) -> TableColumn {
      TableColumn(name: "x", values: .numbers(numbers))
    }
    let half = column([1, .nan, 2, .nan])
    #expect(half.missingShare == 0.5)
    #expect(ColumnDistance.between(half, column([2, 1])) == 0)
    #expect(ColumnDistance.between(half, column([.nan])) == 1)
    #expect(ColumnDistance.between(column([.nan, .nan]), column([.nan])) == 0)
    let levels = TableColumn(name: "c", values: .levels([0, -1, 1, 0], names: ["a", "b"]))
    let others = TableColumn(name: "c", values: .levels([0, -1, -1, -1], names: ["a", "b"]))
    #expect(levels.missingShare == 0.25)
    #expect(abs(ColumnDistance.between(levels, others) - 1.0 / 3) < 1e-12)
  }
}
