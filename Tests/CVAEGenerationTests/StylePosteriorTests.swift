import Foundation
import TensorGraph
import Testing

@testable import CVAEGeneration

/// Products of Gaussians over styles.
@Suite struct StylePosteriorTests {
  /// log N(x; mean, e^logVariance) without its constant in x.
  private func logDensity(_ x: Double, _ posterior: StylePosterior, _ index: Int) -> Double {
    let distance = x - Double(posterior.mean[index])
    return -0.5 * distance * distance * exp(-Double(posterior.logVariance[index]))
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func productIsThatOfTheDensities(seed: UInt64) throws {
    let position = RandomPosition(seed: seed, step: 0)
    let draws = (0..<12).map { index in
      Float(position.normal(RandomPurpose("draw"), record: 0, column: index))
    }
    let posterior = try StylePosterior(
      latent: 2, mean: Array(draws.prefix(6)), logVariance: draws.suffix(6).map { -1 - abs($0) })
    let joint = posterior.combined()
    #expect(joint.count == 1)
    for dimension in 0..<2 {
      let differences = stride(from: -2.0, through: 2, by: 0.5).map { x in
        let product = (0..<3).reduce(-0.5 * x * x) { sum, record in
          sum + logDensity(x, posterior, 2 * record + dimension) + 0.5 * x * x
        }
        return product - logDensity(x, joint, dimension)
      }
      let spread = (differences.max() ?? 0) - (differences.min() ?? 0)
      #expect(spread < 1e-4, "seed \(seed), dimension \(dimension): \(spread)")
    }
  }

  @Test func oneRecordKeepsItsOwn() throws {
    let posterior = try StylePosterior(latent: 2, mean: [0.5, -3], logVariance: [-2, 0.4])
    let joint = posterior.combined()
    #expect(
      joint.mean.count == 2 && zip(joint.mean, posterior.mean).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(zip(joint.logVariance, posterior.logVariance).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  /// Three Gaussians broader than the prior: 1 + 3 (1/4 − 1) < 0.
  @Test func broadGaussiansAreMultipliedPlainly() throws {
    let posterior = try StylePosterior(
      latent: 1, mean: [1, 2, 6], logVariance: [Float](repeating: Float(log(4.0)), count: 3))
    let joint = posterior.combined()
    #expect(abs(joint.mean[0] - 3) < 1e-5)
    #expect(abs(joint.logVariance[0] - Float(log(4.0 / 3))) < 1e-5)
  }

  @Test func alternativesAreThoseOfMore() throws {
    let posterior = try StylePosterior(latent: 2, mean: [0, 1, 2, 3], logVariance: [0, 0, -1, -1])
    let few = posterior.styles(alternatives: 2, seed: 1)
    let more = posterior.styles(alternatives: 3, seed: 1)
    #expect(Array(few[0..<4]) == Array(more[0..<4]))
    #expect(Array(few[4..<8]) == Array(more[6..<10]))
    #expect(Set(more).count == 12)
    #expect(posterior.styles(alternatives: 2, seed: nil) == [0, 1, 0, 1, 2, 3, 2, 3])
    #expect(posterior.styles(seed: 5, temperature: 0) == posterior.mean)
    #expect(posterior.styles(seed: 5) != posterior.styles(seed: 6))
  }

  /// Two records of a model with two levels: z of 2 numbers, details of 3.
  private func leveled() -> StylePosterior {
    StylePosterior(
      trusting: [1, 2, 3, 4, 5, -2, 1, 5, -3, 4],
      [Float](repeating: -1, count: 10), levels: [2, 3])
  }

  @Test func levelsAreKeptOrUnknown() {
    let upper = leveled().keeping([0])
    #expect(upper.mean == [1, 2, 0, 0, 0, -2, 1, 0, 0, 0])
    #expect(upper.logVariance == [-1, -1, 0, 0, 0, -1, -1, 0, 0, 0])
    #expect(leveled().keeping(0..<2).mean == leveled().mean)
  }

  /// Several records have z in common, and no details.
  @Test func onlyZIsCombined() {
    let joint = leveled().combined()
    #expect(joint.levels == [2, 3] && joint.count == 1)
    #expect(joint.mean.suffix(3) == [0, 0, 0] && joint.logVariance.suffix(3) == [0, 0, 0])
    #expect(joint.mean[0] != 0)
  }

  @Test func mixedStylesHaveLevelsOfBoth() {
    #expect(leveled().mixed([0], of: 0, with: 1) == [1, 2, 5, -3, 4])
    #expect(leveled().mixed(0..<2, of: 1, with: 0) == [-2, 1, 5, -3, 4])
    #expect(leveled().mixed([], of: 1, with: 0) == [1, 2, 3, 4, 5])
  }

  /// The way begins and ends at the records, and its middle is as far from 0 as they are.
  @Test func theWayTurns() {
    let ends = leveled()
    func near(_ values: [Float], _ expected: [Float]) -> Bool {
      zip(values, expected).allSatisfy { abs($0 - $1) < 1e-5 }
    }
    #expect(near(ends.between(0, 1, share: 0), [1, 2, 3, 4, 5]))
    #expect(near(ends.between(0, 1, share: 1), [-2, 1, 5, -3, 4]))
    let middle = ends.between(0, 1, share: 0.5)
    for part in [0..<2, 2..<5] {
      func length(_ values: some Collection<Float>) -> Float {
        values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
      // Both lengths of a level are the same here.
      #expect(abs(length(middle[part]) - length(ends.mean[part])) < 1e-4)
    }
    #expect(near(ends.between(0, 0, share: 0.3), [1, 2, 3, 4, 5]))
  }

  /// Only the levels that are asked for move; an amount of 0 moves nothing, of 1 leaves nothing of what was.
  @Test func variationsMoveSomeLevels() {
    let own = leveled()
    let none = own.varied([0, 1], by: 0, alternatives: 2, seed: 1)
    #expect(Array(none.prefix(10)) == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5])
    let some = own.varied([0], by: 1, alternatives: 2, seed: 1)
    #expect(Array(some[2..<5]) == [3, 4, 5] && some[0] != 1 && some[0] != some[5])
    let more = own.varied([0], by: 1, alternatives: 3, seed: 1)
    #expect(Array(more[0..<10]) == Array(some[0..<10]))
    let many = StylePosterior(
      trusting: [Float](repeating: 1.5, count: 4000), [Float](repeating: 0, count: 4000),
      levels: [4000])
    for (amount, mean) in [(1.0, 0.0), (0.6, 1.2)] {
      let drawn = many.varied([0], by: amount, alternatives: 1, seed: 3)
      let centre = drawn.reduce(0.0) { $0 + Double($1) } / 4000
      let variance = drawn.reduce(0.0) { $0 + pow(Double($1) - centre, 2) } / 4000
      // Standard errors: amount / √4000, and amount² · √(2 / 4000).
      #expect(abs(centre - mean) < 4 * amount / 63)
      #expect(abs(variance - amount * amount) < 4 * amount * amount * 0.0224)
    }
  }
}
