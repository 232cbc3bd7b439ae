import Foundation
import TensorGraph

/// The posterior of the style u, once records are seen: a Gaussian for each record.
///
/// u = (z − mean) / σ under the prior of the record's own condition, so that u is N(0, I) before a
/// record is seen, under every condition.
public struct StylePosterior: Sendable {
  /// Numbers of each level: latent dimensions of z, then those of each level of details, the coarsest first.
  public let levels: [Int]
  /// `[count, width]`.
  public let mean: [Float]
  /// log σ², `[count, width]`.
  public let logVariance: [Float]

  /// Numbers of a record's style, all levels together.
  public var width: Int { levels.reduce(0, +) }
  /// The number of records.
  public var count: Int { mean.count / width }

  /// Gaussians of known means and log-variances, both `[count, latent]`, of a model without levels of details.
  ///
  /// - Throws: ``DrawFailure/styles(expected:actual:)`` where the two differ in length, or `latent` doesn't
  ///   divide it.
  public init(latent: Int, mean: [Float], logVariance: [Float]) throws {
    guard latent >= 1, mean.count % latent == 0, mean.count == logVariance.count else {
      throw DrawFailure.styles(expected: mean.count, actual: logVariance.count)
    }
    self.init(trusting: mean, logVariance, levels: [latent])
  }

  init(trusting mean: [Float], _ logVariance: [Float], levels: [Int]) {
    self.levels = levels
    self.mean = mean
    self.logVariance = logVariance
  }

  /// The one style that all the records share:
  ///
  /// q(u | all) ∝ N(0, I) ∏ᵢ (qᵢ / N(0, I)), of precision 1 + Σᵢ (1/σᵢ² − 1)
  ///
  /// in each dimension of z. Details aren't shared: those of several records are again N(0, I). Where that precision isn't positive, because several records left u broader
  /// than the prior, the plain product ∏ᵢ qᵢ takes its place.
  ///
  /// - Returns: One Gaussian; of one record its own, to rounding.
  /// - Source: Bouchacourt, Tomioka and Nowozin, *Multi-Level Variational Autoencoder*, 2018, who
  ///   take the plain product.
  public func combined() -> StylePosterior {
    var (means, logVariances): ([Float], [Float]) = ([], [])
    if count == 1 { return self }
    for dimension in 0..<levels[0] {
      var (precisions, weighted) = (0.0, 0.0)
      for record in 0..<count {
        let index = record * width + dimension
        let precision = exp(-Double(logVariance[index]))
        precisions += precision
        weighted += precision * Double(mean[index])
      }
      let joint = 1 + precisions - Double(count)
      // Just above 0 the mean would grow without bound.
      let precision = joint > Self.leastPrecision ? joint : precisions
      means.append(Float(weighted / precision))
      logVariances.append(Float(-log(precision)))
    }
    let unknown = [Float](repeating: 0, count: width - levels[0])
    return StylePosterior(trusting: means + unknown, logVariances + unknown, levels: levels)
  }

  /// The same of some levels, z being level 0; of the others nothing is known: they are N(0, I).
  public func keeping(_ kept: some Collection<Int>) -> StylePosterior {
    let isKept = numbers(of: kept)
    func chosen(_ values: [Float]) -> [Float] {
      values.indices.map { isKept[$0 % width] ? values[$0] : 0 }
    }
    return StylePosterior(trusting: chosen(mean), chosen(logVariance), levels: levels)
  }

  /// Styles of every record: `alternatives` of each, one record after another,
  /// `[count · alternatives, width]`.
  ///
  /// - Parameters:
  ///   - seed: Addresses the random numbers; alternative number i of a record is the same for any
  ///     number of alternatives. Nil takes the means.
  ///   - temperature: Scales the deviation from the mean; 1 draws from the posterior.
  public func styles(alternatives: Int = 1, seed: UInt64?, temperature: Double = 1) -> [Float] {
    var styles: [Float] = []
    styles.reserveCapacity(count * alternatives * width)
    for record in 0..<count {
      for alternative in 0..<alternatives {
        let position = seed.map { RandomPosition(seed: $0, step: UInt32(alternative)) }
        for dimension in 0..<width {
          let index = record * width + dimension
          let noise =
            position?.normal(Self.purpose, record: UInt32(record), column: dimension) ?? 0
          let spread = exp(0.5 * Double(logVariance[index])) * temperature * noise
          styles.append(mean[index] + Float(spread))
        }
      }
    }
    return styles
  }

  private static let leastPrecision = 0.1
  private static let purpose = RandomPurpose("transferred style")
}
