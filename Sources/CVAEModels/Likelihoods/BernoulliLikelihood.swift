import TensorGraph

/// Independent Bernoulli columns, given by logits.
///
/// On grey values it is a score, not a density: no bits per dimension follow from it.
struct BernoulliLikelihood: Likelihood {
  /// Columns of the field.
  let columns: Int

  var outputs: Int { columns }

  /// Sum over columns of x · logit − log(1 + e^logit).
  ///
  /// A column that doesn't count is replaced by the value 0 under the logit −1000, whose term and gradient
  /// are exactly 0 in any precision.
  func score(
    _ output: Node, target: Node, weights: Node?, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    guard let weights else {
      return LikelihoodScore(
        logLikelihood: try graph.bernoulliLogLikelihood(logits: output, targets: target))
    }
    let shift = graph.scale(try graph.subtract(weights, graph.constant(1)), by: 1000)
    return LikelihoodScore(
      logLikelihood: try graph.bernoulliLogLikelihood(
        logits: graph.add(graph.multiply(output, weights), shift),
        targets: graph.multiply(target, weights)))
  }

  /// Probabilities.
  func prediction(_ output: Node, in graph: inout Graph) -> Node { graph.sigmoid(output) }
}
