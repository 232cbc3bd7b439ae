extension Graph {
  /// KL divergence between two diagonal Gaussians, kept per latent dimension.
  ///
  /// `½ (log σp² − log σq² + (σq² + (μq − μp)²) / σp² − 1)`
  ///
  /// - Shapes: all `[batch, latent]`; result `[batch, latent]`. Sum the last axis for the ELBO.
  /// - Units: nats. Never negative beyond rounding.
  /// - Throws: ``ShapeMismatch`` when they differ in shape.
  /// - Source: Kingma and Welling, *Auto-Encoding Variational Bayes*, 2014, appendix B,
  ///   extended to a learned prior.
  public mutating func gaussianDivergence(
    meanQ: Node, logVarianceQ: Node, meanP: Node, logVarianceP: Node
  ) throws(ShapeMismatch) -> Node {
    let operands = [meanQ, logVarianceQ, meanP, logVarianceP]
    let source = shape(of: meanQ)
    for operand in operands where shape(of: operand) != source {
      throw ShapeMismatch(
        "gaussianDivergence", expected: "four tensors of shape \(source)",
        actual: shape(of: operand))
    }
    return append(.gaussianDivergence, operands, shape: source)
  }
}

enum DivergenceGradient {
  /// With e = e^(log σq² − log σp²) and d = (μq − μp)/σp²:
  /// by μq: d, by log σq²: ½(e − 1), by μp: −d, by log σp²: ½(1 − e − d · (μq − μp)).
  static func backward(
    _ graph: inout Graph, _ operands: [Node], upstream: Node
  ) throws(ShapeMismatch) -> [Node?] {
    let (meanQ, logVarianceQ) = (operands[0], operands[1])
    let (meanP, logVarianceP) = (operands[2], operands[3])
    let half = graph.scale(upstream, by: 0.5)
    let distance = try graph.subtract(meanQ, meanP)
    let precision = graph.exp(graph.negate(logVarianceP))
    let slope = try graph.multiply(distance, precision)
    let ratio = graph.exp(try graph.subtract(logVarianceQ, logVarianceP))
    let ratioExcess = try graph.subtract(ratio, graph.constant(1))
    let byMeanQ = try graph.multiply(upstream, slope)
    let byLogVarianceQ = try graph.multiply(half, ratioExcess)
    let spread = try graph.add(ratioExcess, graph.multiply(slope, distance))
    let byLogVarianceP = graph.negate(try graph.multiply(half, spread))
    return [byMeanQ, byLogVarianceQ, graph.negate(byMeanQ), byLogVarianceP]
  }
}
