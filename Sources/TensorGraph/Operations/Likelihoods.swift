extension Graph {
  /// log p of values in [0, 1] under Bernoulli distributions given by logits, summed over a row.
  ///
  /// `Σ (x · l − log(1 + eˡ))`. On grey values this is a score, not a density.
  ///
  /// - Shapes: both `[batch, columns]`; result `[batch]`. Units: nats.
  /// - Throws: ``ShapeMismatch`` when the two differ in shape or are no matrices.
  public mutating func bernoulliLogLikelihood(
    logits: Node, targets: Node
  ) throws(ShapeMismatch) -> Node {
    let source = shape(of: logits)
    guard source.rank == 2, source == shape(of: targets) else {
      throw ShapeMismatch(
        "bernoulliLogLikelihood", expected: "two matrices of one shape",
        actual: source, shape(of: targets))
    }
    return append(.bernoulliLogLikelihood, [logits, targets], shape: [source.rows])
  }

  /// log of the Gaussian density with one standard deviation for all columns, summed over a row.
  ///
  /// `−½ Σ ((x − mean)/σ)² − columns · (log σ + ½ log 2π)`
  ///
  /// - Shapes: mean and targets `[batch, columns]`, `logDeviation` `[]`; result `[batch]`.
  /// - Throws: ``ShapeMismatch`` when they don't fit.
  /// - Source: Rybkin et al., *Simple and Effective VAE Training with Calibrated Decoders*, 2021.
  public mutating func gaussianLogLikelihood(
    mean: Node, logDeviation: Node, targets: Node
  ) throws(ShapeMismatch) -> Node {
    let source = shape(of: mean)
    guard source.rank == 2, source == shape(of: targets), shape(of: logDeviation).rank == 0 else {
      throw ShapeMismatch(
        "gaussianLogLikelihood", expected: "two matrices of one shape and a scalar",
        actual: source, shape(of: targets), shape(of: logDeviation))
    }
    return append(.gaussianLogLikelihood, [mean, logDeviation, targets], shape: [source.rows])
  }

  /// log of a level's probability under a row of logits; 0 for the index one past the last level, which
  /// stands for a level that doesn't count.
  ///
  /// - Shapes: logits `[batch, levels]`, indices `[batch]`; result `[batch]`. Units: nats.
  /// - Throws: ``ShapeMismatch`` when they don't fit.
  public mutating func categoricalLogLikelihood(
    logits: Node, indices: Node
  ) throws(ShapeMismatch) -> Node {
    let source = shape(of: logits)
    guard source.rank == 2, shape(of: indices) == [source.rows],
      self[indices].elementType == .index
    else {
      throw ShapeMismatch(
        "categoricalLogLikelihood", expected: "a matrix and an index for each row",
        actual: source, shape(of: indices))
    }
    return append(.categoricalLogLikelihood, [logits, indices], shape: [source.rows])
  }
}

enum LikelihoodGradient {
  /// By the logits: upstream · (x − sigmoid(l)). Targets are data and get none.
  static func bernoulli(
    _ graph: inout Graph, logits: Node, targets: Node, upstream: Node
  ) -> [Node?] {
    let byLogits = graph.append(
      .bernoulliLogLikelihoodGradient, [logits, targets, upstream], shape: graph.shape(of: logits))
    return [byLogits, nil]
  }

  /// By the mean: upstream · (x − mean)/σ²; by log σ: Σ upstream · Σ (((x − mean)/σ)² − 1).
  static func gaussian(
    _ graph: inout Graph, mean: Node, logDeviation: Node, targets: Node, upstream: Node
  ) -> [Node?] {
    let source = graph.shape(of: mean)
    let precision = graph.exp(graph.scale(logDeviation, by: -2))
    let residual = graph.binaryUnchecked(.subtract, targets, mean)
    let scaled = graph.binaryUnchecked(
      .multiply, residual, graph.broadcastUnchecked(precision, to: source))
    let column = graph.reshapeUnchecked(upstream, [source.rows, 1])
    let byMean = graph.binaryUnchecked(
      .multiply, scaled, graph.broadcastUnchecked(column, to: source))
    let squares = graph.sumUnchecked(
      graph.binaryUnchecked(.multiply, scaled, residual), axes: [1])
    let excess = graph.binaryUnchecked(
      .subtract, squares,
      graph.broadcastUnchecked(
        graph.constant(Double(source.columns)), to: graph.shape(of: squares)))
    let byDeviation = graph.sumUnchecked(
      graph.binaryUnchecked(.multiply, excess, upstream), axes: [0])
    return [byMean, byDeviation, nil]
  }

  /// By the logits: upstream · (one-hot(index) − softmax(l)); 0 where no level counts.
  static func categorical(
    _ graph: inout Graph, logits: Node, indices: Node, upstream: Node
  ) -> [Node?] {
    let byLogits = graph.append(
      .categoricalLogLikelihoodGradient, [logits, indices, upstream],
      shape: graph.shape(of: logits))
    return [byLogits, nil]
  }
}
