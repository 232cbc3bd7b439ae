import TensorGraph

/// A Gaussian with independent dimensions, one for each record.
struct DiagonalGaussian: Sendable {
  /// `[batch, latent]`.
  let mean: Node
  /// log σ², `[batch, latent]`.
  let logVariance: Node
}

extension DiagonalGaussian {
  /// From a network's last layer `[batch, 2 · latent]`: means first.
  init(head: Node, in graph: inout Graph) throws(ShapeMismatch) {
    let parts = try graph.split(head, axis: 1, into: 2)
    self.init(mean: parts[0], logVariance: parts[1])
  }

  /// σ, `[batch, latent]`.
  func deviation(in graph: inout Graph) -> Node {
    graph.exp(graph.scale(logVariance, by: 0.5))
  }

  /// mean + σ · noise.
  ///
  /// - Shapes: `noise` and the result `[batch, latent]`.
  /// - Source: Kingma and Welling, *Auto-Encoding Variational Bayes*, 2014, section 2.4.
  func sample(noise: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    try graph.add(mean, graph.multiply(deviation(in: &graph), noise))
  }

  /// KL(self ‖ prior), kept per latent dimension: `[batch, latent]`, nats.
  func klDivergence(
    from prior: DiagonalGaussian, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    try graph.gaussianDivergence(
      meanQ: mean, logVarianceQ: logVariance, meanP: prior.mean, logVarianceP: prior.logVariance)
  }

  /// KL(self ‖ N(0, I)) = ½ (mean² + σ² − 1 − log σ²), kept per latent dimension: `[batch, latent]`, nats.
  func klDivergenceFromStandard(in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let squares = try graph.add(graph.square(mean), graph.exp(logVariance))
    let rest = try graph.add(logVariance, graph.constant(1))
    return graph.scale(try graph.subtract(squares, rest), by: 0.5)
  }

  /// log N(u; 0, I) − log q(u) where u = mean + σ · noise; the terms in 2π cancel. `[batch, latent]`.
  func logPriorRatio(
    of sample: Node, noise: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let squares = try graph.subtract(graph.square(noise), graph.square(sample))
    return graph.scale(try graph.add(squares, logVariance), by: 0.5)
  }
}
