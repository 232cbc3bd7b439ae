import TensorGraph

/// One of several levels, given by logits.
struct CategoricalLikelihood: Likelihood {
  /// log of the level's probability.
  func score(
    _ output: Node, target: Node, weights: Node?, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    var total = try graph.categoricalLogLikelihood(logits: output, indices: target)
    if let weights { total = try graph.multiply(total, graph.sum(weights, axes: [1])) }
    return LikelihoodScore(logLikelihood: total)
  }

  /// Probabilities of the levels.
  func prediction(_ output: Node, in graph: inout Graph) -> Node { graph.softmax(output) }
}
