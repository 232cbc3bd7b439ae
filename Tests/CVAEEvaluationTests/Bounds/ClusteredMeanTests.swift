import Foundation
import Testing

@testable import CVAEEvaluation

/// Standard errors where records go together.
@Suite struct ClusteredMeanTests {
  private static let numbers = [3.0, 4.5, -1, 2, 7, 0.5]

  @Test func recordsOfTheirOwnHaveTheUsualError() throws {
    var plain = ClusteredMean(clusters: nil)
    var alone = ClusteredMean(clusters: 6)
    for (index, number) in Self.numbers.enumerated() {
      plain.add(number, cluster: nil)
      alone.add(number, cluster: index)
    }
    let mean = Self.numbers.reduce(0, +) / 6
    let squares = Self.numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let expected = (squares / 5 / 6).squareRoot()
    for estimate in [plain.estimate, alone.estimate] {
      #expect(abs(estimate.mean - mean) < 1e-12)
      #expect(abs(try #require(estimate.standardError) - expected) < 1e-12)
    }
  }

  /// Each number thrice tells no more than once.
  @Test func repeatedRecordsTellNothingNew() throws {
    var single = ClusteredMean(clusters: nil)
    var thrice = ClusteredMean(clusters: 6)
    for (index, number) in Self.numbers.enumerated() {
      single.add(number, cluster: nil)
      for _ in 0..<3 { thrice.add(number, cluster: index) }
    }
    let errors = [single, thrice].map(\.estimate.standardError)
    #expect(abs(try #require(errors[0]) - #require(errors[1])) < 1e-12)
    #expect(thrice.count == 18)
  }

  @Test func oneGroupHasNoError() {
    var mean = ClusteredMean(clusters: 2)
    mean.add(1, cluster: 1)
    mean.add(2, cluster: 1)
    #expect(mean.estimate == Estimate(mean: 1.5, standardError: nil))
  }
}
