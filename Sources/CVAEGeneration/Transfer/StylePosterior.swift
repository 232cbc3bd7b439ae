import Foundation
import TensorGraph

/// The posterior of the style u, once records are seen: a Gaussian for each record.
///
/// u = (z − mean) / σ under the prior of the record's own condition, so that u is N(0, I) before a
/// record is seen, under every condition.
public struct StylePosterior: Sendable {
  /// The number of latent dimensions.
  public let latent: Int
  /// `[count, latent]`.
  public let mean: [Float]
  /// log σ², `[count, latent]`.
  public let logVariance: [Float]

  /// The number of records.
  public var count: Int { mean.count / latent }

  /// Gaussians of known means and log-variances, both `[count, latent]`.
  ///
  /// - Throws: ``DrawFailure/styles(expected:actual:)`` where the two differ in length, or `latent` doesn't
  ///   divide it.
  public init(latent: Int, mean: [Float], logVariance: [Float]) throws {
    guard latent >= 1, mean.count % latent == 0, mean.count == logVariance.count else {
      throw DrawFailure.styles(expected: mean.count, actual: logVariance.count)
    }
    self.init(trusting: latent, mean, logVariance)
  }

  init(trusting latent: Int, _ mean: [Float], _ logVariance: [Float]) {
    self.latent = latent
    self.mean = mean
    self.logVariance = logVariance
  }

  /// The one style that all the records share:
  ///
  /// q(u | all) ∝ N(0, I) ∏ᵢ (qᵢ / N(0, I)), of precision 1 + Σᵢ (1/σᵢ² − 1)
  ///
  /// in each dimension. Where that precision isn't positive, because several records left u broader
  /// than the prior, the plain product ∏ᵢ qᵢ takes its place.
  ///
  /// - Returns: One Gaussian; of one record its own, to rounding.
  /// - Source: Bouchacourt, Tomioka and Nowozin, *Multi-Level Variational Autoencoder*, 2018, who
  ///   take the plain product.
  public func combined() -> StylePosterior {
    var (means, logVariances): ([Float], [Float]) = ([], [])
    for dimension in 0..<latent {
      var (precisions, weighted) = (0.0, 0.0)
      for record in 0..<count {
        let index = record * latent + dimension
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
    return StylePosterior(trusting: latent, means, logVariances)
  }

  /// Styles of every record: `alternatives` of each, one record after another,
  /// `[count · alternatives, latent]`.
  ///
  /// - Parameters:
  ///   - seed: Addresses the random numbers; alternative number i of a record is the same for any
  ///     number of alternatives. Nil takes the means.
  ///   - temperature: Scales the deviation from the mean; 1 draws from the posterior.
  public func styles(alternatives: Int = 1, seed: UInt64?, temperature: Double = 1) -> [Float] {
    var styles: [Float] = []
    styles.reserveCapacity(count * alternatives * latent)
    for record in 0..<count {
      for alternative in 0..<alternatives {
        let position = seed.map { RandomPosition(seed: $0, step: UInt32(alternative)) }
        for dimension in 0..<latent {
          let index = record * latent + dimension
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
