import TensorGraph

/// One of several levels, given by logits.
struct CategoricalLikelihood: Likelihood {
  /// log of the level's probability.
  func score(
    _ output: Node, target: Node, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    LikelihoodScore(
      logLikelihood: try graph.categoricalLogLikelihood(logits: output, indices: target))
  }

  /// Probabilities of the levels.
  func prediction(_ output: Node, in graph: inout Graph) -> Node { graph.softmax(output) }
}
