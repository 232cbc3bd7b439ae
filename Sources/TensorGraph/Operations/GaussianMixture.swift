/// Mixtures of Gaussians, given by the parameters of their components.
public enum GaussianMixture {
  /// Log deviations below this count as this, lest a component settle on a single value.
  public static let leastLogDeviation = -6.0
  /// The largest log σ that numbers are drawn with: one wild deviation would overflow what is drawn after it.
  public static let mostDrawnLogDeviation = 4.0
}

extension Graph {
  /// log density of values under mixtures of Gaussians, summed over a row.
  ///
  /// `Σ w · (log Σ_k e^(l_k) N(x; m_k, σ_k²) − log Σ_k e^(l_k))`, computed from the largest term on, so that no
  /// magnitude overflows.
  ///
  /// - Shapes: `parameters` `[batch, 3 · columns · components]`: all logits l, then all means m, then all
  ///   log σ, in each part a column's components side by side; `targets` and `weights`
  ///   `[batch, columns]`, weights 0 for columns that don't count, else 1; result `[batch]`. Units: nats.
  /// - Throws: ``ShapeMismatch`` when they don't fit.
  /// - Source: Bishop, *Mixture Density Networks*, 1994, equations 22 and 23.
  public mutating func gaussianMixtureLogLikelihood(
    parameters: Node, targets: Node, weights: Node
  ) throws(ShapeMismatch) -> Node {
    let source = shape(of: targets)
    let given = shape(of: parameters)
    guard source.rank == 2, given.rank == 2, given.rows == source.rows,
      given.columns % (3 * source.columns) == 0, shape(of: weights) == source
    else {
      throw ShapeMismatch(
        "gaussianMixtureLogLikelihood",
        expected: "three parameters of each component and a weight for each target",
        actual: given, source, shape(of: weights))
    }
    return append(
      .gaussianMixtureLogLikelihood, [parameters, targets, weights], shape: [source.rows])
  }
}
