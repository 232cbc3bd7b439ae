import TensorGraph

/// One of several levels, given by logits.
struct CategoricalLikelihood: Likelihood {
  /// The number of levels.
  let levels: Int

  var outputs: Int { levels }

  /// log of the level's probability; 0 where a partial field isn't generated.
  func score(
    _ output: Node, target: Node, weights: Node?, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    precondition(weights == nil, "A category has no weights: its index says whether it counts.")
    return LikelihoodScore(
      logLikelihood: try graph.categoricalLogLikelihood(logits: output, indices: target))
  }

  /// Probabilities of the levels.
  func prediction(_ output: Node, in graph: inout Graph) -> Node { graph.softmax(output) }
}
