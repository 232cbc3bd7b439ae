import TensorGraph

extension DiagonalGaussian {
  /// The Gaussian ∝ self · ∏ factors, several factors for each row:
  ///
  /// 1/σ² = 1/σ₀² + Σ mask / σᵢ² and mean = σ² (mean₀ / σ₀² + Σ mask · meanᵢ / σᵢ²)
  ///
  /// - Shapes: self and the result `[rows, latent]`; `factors` `[rows · n, latent]`, a row's factors
  ///   one after another; `mask` `[rows · n, 1]`, 0 where there is none; nil for 1 throughout.
  func multiplied(
    by factors: DiagonalGaussian, mask: Node? = nil, in graph: inout Graph
  ) throws(ShapeMismatch) -> DiagonalGaussian {
    let shape = graph.shape(of: mean)
    let count = graph.shape(of: factors.mean).rows / shape.rows
    var precision = graph.exp(graph.negate(factors.logVariance))
    if let mask { precision = try graph.multiply(precision, mask) }
    let weighted = try graph.multiply(precision, factors.mean)
    let sums = try [precision, weighted].map { rows throws(ShapeMismatch) in
      count == 1
        ? rows
        : try graph.sum(graph.reshape(rows, [shape.rows, count, shape.columns]), axes: [1])
    }
    let own = graph.exp(graph.negate(logVariance))
    let joint = try graph.add(own, sums[0])
    let total = try graph.add(graph.multiply(own, mean), sums[1])
    return DiagonalGaussian(
      mean: try graph.divide(total, joint), logVariance: graph.negate(graph.log(joint)))
  }
}

extension ConditionalVAE {
  /// Appends q(z | x, y) of each record by itself; where records of a group share z, each record is a group
  /// of one: the network's Gaussian times the prior.
  func posterior(
    _ fields: FieldNodes, prior: DiagonalGaussian, in graph: inout Graph
  ) throws(ShapeMismatch) -> DiagonalGaussian {
    let own = try recognition(fields, in: &graph)
    return isGrouped ? try prior.multiplied(by: own, in: &graph) : own
  }
}
