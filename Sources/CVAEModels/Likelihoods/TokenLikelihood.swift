import TensorGraph

/// A text's tokens one after the other. ``TextWriter`` computes the likelihood itself: the logits of all tokens are too
/// many to hand over.
struct TokenLikelihood: Likelihood {
  var outputs: Int { 0 }

  /// `output` is the log-likelihood of each record's text, `[batch]`.
  func score(
    _ output: Node, target: Node, weights: Node?, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    LikelihoodScore(logLikelihood: output)
  }

  func prediction(_ output: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node { output }
}
