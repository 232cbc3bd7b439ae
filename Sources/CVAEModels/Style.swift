import Foundation

/// Style u = (z − mean) / σ under the prior of the condition: N(0, I) under every condition, and so
/// what a record keeps when its condition changes.
///
/// `transfer: z′ = mean(y′) + σ(y′) · u`
package enum Style {
  /// The style of `latent` under a prior.
  ///
  /// - Shapes: all of equal count, usually `[batch, latent]` row-major.
  package static func style(
    of latent: [Float], priorMean: [Float], priorLogVariance: [Float]
  ) -> [Float] {
    precondition(latent.count == priorMean.count && latent.count == priorLogVariance.count)
    return latent.indices.map { index in
      (latent[index] - priorMean[index]) * exp(-0.5 * priorLogVariance[index])
    }
  }

  /// The latent of `style` under a prior; the inverse of ``style(of:priorMean:priorLogVariance:)``.
  package static func latent(
    of style: [Float], priorMean: [Float], priorLogVariance: [Float]
  ) -> [Float] {
    precondition(style.count == priorMean.count && style.count == priorLogVariance.count)
    return style.indices.map { index in
      priorMean[index] + exp(0.5 * priorLogVariance[index]) * style[index]
    }
  }
}
