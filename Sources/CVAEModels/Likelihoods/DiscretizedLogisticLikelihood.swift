import TensorGraph

/// The 256 grey values of each column under a logistic distribution with a mean and a scale of its
/// own: a density for pictures, and so one with bits per dimension.
///
/// The decoder's output has two numbers for each column: all means, less ½, before all log scales,
/// plus 3. So zeros, with which a network begins, stand for a mean of ½ and a scale of e⁻³.
///
/// - Source: Salimans et al., *PixelCNN++*, 2017, section 2.1.
struct DiscretizedLogisticLikelihood: Likelihood {
  /// Columns of the field.
  let columns: Int

  var outputs: Int { 2 * columns }

  /// log of the bins' probabilities, summed over columns.
  func score(
    _ output: Node, target: Node, weights: Node?, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    let batch = graph.shape(of: output).rows
    let centre = try graph.concatenate(
      [graph.constant(0.5, [1, columns]), graph.constant(-3, [1, columns])], axis: 1)
    return LikelihoodScore(
      logLikelihood: try graph.discretizedLogisticLogLikelihood(
        parameters: graph.add(output, centre), targets: target,
        weights: weights ?? graph.constant(1, [batch, columns])))
  }

  /// The mean, kept in [0, 1].
  func prediction(_ output: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let half = try graph.slice(output, axis: 1, 0..<columns)
    let mean = graph.relu(try graph.add(half, graph.constant(0.5)))
    let excess = graph.relu(try graph.subtract(mean, graph.constant(1)))
    return try graph.subtract(mean, excess)
  }
}
