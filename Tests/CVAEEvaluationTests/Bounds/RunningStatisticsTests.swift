import CVAEGeneration
import Foundation
import Testing

@testable import CVAEEvaluation

@Suite struct RunningStatisticsTests {
  private func logMeanExp(_ values: [Double]) -> Double {
    var running = LogMeanExp()
    for value in values { running.add(value) }
    return running.value
  }

  @Test func logMeanExpIsItsFormula() {
    #expect(abs(logMeanExp([1, 2, 3]) - log((exp(1) + exp(2) + exp(3)) / 3)) < 1e-14)
    #expect(abs(logMeanExp([3, 1, 2]) - logMeanExp([1, 2, 3])) < 1e-14)
    #expect(logMeanExp([-5]) == -5)
  }

  @Test func logMeanExpSurvivesExtremes() {
    #expect(abs(logMeanExp([-1e4, -1e4]) + 1e4) < 1e-9)
    #expect(abs(logMeanExp([1e4, -1e4]) - (1e4 - log(2))) < 1e-9)
    #expect(abs(logMeanExp([-1e4, 1e4]) - (1e4 - log(2))) < 1e-9)
    #expect(abs(logMeanExp([-.infinity, 0]) + log(2)) < 1e-14)
    #expect(logMeanExp([-.infinity, -.infinity]) == -.infinity)
    #expect(logMeanExp([0, .nan]).isNaN)
    #expect(logMeanExp([.nan, 0]).isNaN)
  }

  @Test func momentsAreTheirFormulas() {
    var moments = Moments()
    for value in [2.0, 4, 4, 4, 5, 5, 7, 9] { moments.add(1e6 + value) }
    #expect(abs(moments.mean - 1_000_005) < 1e-8)
    #expect(abs(moments.populationVariance - 4) < 1e-8)
    #expect(abs((moments.estimate.standardError ?? 0) - (4.0 / 7).squareRoot()) < 1e-8)
    #expect(Moments().populationVariance == 0)
  }

  @Test func theLastBatchIsFilledUp() {
    let rows = Array(BatchRows([7, 8, 9], batch: 2))
    #expect(rows.map(\.records) == [[7, 8], [9, 9]])
    #expect(rows.map(\.count) == [2, 1])
  }
}
