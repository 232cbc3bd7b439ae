import TensorGraph

/// Independent Bernoulli columns, given by logits.
///
/// On grey values it is a score, not a density: no bits per dimension follow from it.
struct BernoulliLikelihood: Likelihood {
  /// Sum over columns of x · logit − log(1 + e^logit).
  func score(
    _ output: Node, target: Node, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    LikelihoodScore(
      logLikelihood: try graph.bernoulliLogLikelihood(logits: output, targets: target))
  }

  /// Probabilities.
  func prediction(_ output: Node, in graph: inout Graph) -> Node { graph.sigmoid(output) }
}
