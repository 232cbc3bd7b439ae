import CVAEGeneration
import Foundation
import TensorGraph
import Testing

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
}
