import Foundation
import Testing

@testable import CVAEEvaluation

/// Distances in feature space against figures by hand.
@Suite struct DistanceTests {
  @Test func pairwiseDistanceByHand() throws {
    // A triangle with sides 3, 4 and 5.
    let triangle = try #require(
      FeatureDiversity.pairwiseDistance([0, 0, 3, 0, 0, 4], width: 2))
    #expect(abs(triangle.mean - 4) < 1e-6)
    // Without one corner: 5, 4 and 3, whose jackknife is √(2/3 · 2).
    #expect(abs(try #require(triangle.standardError) - (4.0 / 3).squareRoot()) < 1e-6)
    let pair = FeatureDiversity.pairwiseDistance([1, 1, 4, 5], width: 2)
    #expect(pair == Estimate(mean: 5, standardError: nil))
    #expect(FeatureDiversity.pairwiseDistance([1, 1], width: 2) == nil)
  }

  @Test func ratiosAndMeansCarryTheirErrors() throws {
    let ratio = try #require(
      FeatureDiversity.ratio(
        Estimate(mean: 6, standardError: 0.3), over: Estimate(mean: 3, standardError: 0.2)))
    #expect(abs(ratio.mean - 2) < 1e-12)
    let error = 2 * (0.05 * 0.05 + (0.2 / 3) * (0.2 / 3)).squareRoot()
    #expect(abs(try #require(ratio.standardError) - error) < 1e-12)
    #expect(
      FeatureDiversity.ratio(
        Estimate(mean: 1, standardError: nil), over: Estimate(mean: 0, standardError: nil)) == nil)
    let mean = FeatureDiversity.mean([
      Estimate(mean: 1, standardError: 0.3), Estimate(mean: 2, standardError: 0.4),
    ])
    #expect(mean == Estimate(mean: 1.5, standardError: 0.25))
    #expect(FeatureDiversity.mean([]) == nil)
  }

  /// Of diagonal covariances, |m₁ − m₂|² + Σ (σ₁ − σ₂)².
  @Test func frechetDistanceOfDiagonalGaussians() {
    let distance = FrechetDistance.distance(
      mean: [1, 2, 0], covariance: [4, 0, 0, 0, 9, 0, 0, 0, 0], mean: [0, 2, 2],
      covariance: [1, 0, 0, 0, 16, 0, 0, 0, 0.25])
    #expect(abs(distance - (1 + 4 + 1 + 1 + 0.25)) < 1e-9)
  }

  /// S₂ = 4 S₁ has the root 2 S₁, so that the distance is tr S₁.
  @Test func frechetDistanceOfScaledCovariances() {
    let covariance = [2.0, 0.7, -0.2, 0.7, 1.5, 0.4, -0.2, 0.4, 1]
    let same = FrechetDistance.distance(
      mean: [0, 0, 0], covariance: covariance, mean: [0, 0, 0], covariance: covariance)
    #expect(abs(same) < 1e-9)
    let scaled = FrechetDistance.distance(
      mean: [0, 0, 0], covariance: covariance, mean: [0, 0, 0],
      covariance: covariance.map { 4 * $0 })
    #expect(abs(scaled - 4.5) < 1e-9)
  }

  @Test func frechetDistanceIsSymmetric() {
    let first = [2.0, 0.5, 0.5, 1]
    let second = [1.0, -0.3, -0.3, 3]
    let there = FrechetDistance.distance(
      mean: [1, 0], covariance: first, mean: [0, 1], covariance: second)
    let back = FrechetDistance.distance(
      mean: [0, 1], covariance: second, mean: [1, 0], covariance: first)
    #expect(abs(there - back) < 1e-9)
    // tr (S₁ S₂)^½ of 2 × 2 matrices is √(tr S₁S₂ + 2 √(det S₁ det S₂)).
    let trace = 2.0 * 1 + 2 * 0.5 * -0.3 + 1 * 3
    let root = (trace + 2 * (1.75 * 2.91).squareRoot()).squareRoot()
    #expect(abs(there - (2 + 3 + 4 - 2 * root)) < 1e-9)
  }

  @Test func rowsMoveTheDistanceByTheirShift() throws {
    let rows = (0..<400).map { Float(($0 * 7919) % 101) / 101 }
    let moved = rows.enumerated().map { $0.offset % 2 == 0 ? $0.element + 3 : $0.element }
    let estimate = FrechetDistance.estimate(rows, moved, width: 2)
    #expect(abs(estimate.mean - 9) < 1e-4)
    #expect(try #require(estimate.standardError) < 0.01)
    #expect(FrechetDistance.estimate([0, 1], [1, 2], width: 1).standardError == nil)
  }

  @Test func generatedRowsHaveTheRealShares() {
    let generated = ClassifierScores(
      predicted: [], wanted: [0, 0, 0, 0, 1, 1, 1, 1], features: [], width: 1, logits: [])
    let real = ClassifierScores(
      predicted: [], wanted: [0, 1, 1, 0, 1, 1], features: [], width: 1, logits: [])
    #expect(FrechetPair.balanced(generated, as: real) == [0, 1, 4, 5, 6, 7])
  }

  @Test func realPicturesAreHalvedLevelByLevel() {
    let real = ClassifierScores(
      predicted: [], wanted: [0, 1, 0, 0, 1, 0, 0, 0], features: [], width: 1, logits: [])
    let (held, others) = FrechetPair.divided(real, share: 0.5)
    #expect(held == [0, 2, 3, 1])
    #expect(others == [5, 6, 7, 4])
  }
}
