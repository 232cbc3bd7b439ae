import Foundation
import TensorGraph

/// Independent Gaussian columns, each record's mean and deviation from the decoder: how well a column can
/// be told differs from record to record, the more so where others are given or not.
///
/// The decoder's output has two numbers for each column: all means before all s, log σ = softplus(s + 6) − 6,
/// so that zeros, with which a network begins, stand for σ = 1, and no σ falls below e⁻⁶.
///
/// - Source: Nix and Weigend, *Estimating the Mean and Variance of the Target Probability
///   Distribution*, 1994.
struct PredictedGaussianLikelihood: Likelihood {
  /// Columns of the field.
  let columns: Int

  private static let leastLogDeviation = -6.0

  /// Σ w · (−½ ((x − mean)/σ)² − log σ − ½ log 2π).
  func score(
    _ output: Node, target: Node, weights: Node?, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    let (mean, logDeviation) = try parts(output, in: &graph)
    let precision = graph.exp(graph.scale(logDeviation, by: -1))
    let distance = try graph.multiply(graph.subtract(target, mean), precision)
    let volume = try graph.add(logDeviation, graph.constant(0.5 * log(2 * Double.pi)))
    let halves = graph.scale(graph.square(distance), by: 0.5)
    var terms = try graph.add(halves, volume)
    if let weights { terms = try graph.multiply(terms, weights) }
    return LikelihoodScore(logLikelihood: graph.scale(try graph.sum(terms, axes: [1]), by: -1))
  }

  /// The mean and the deviation.
  func prediction(_ output: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let (mean, logDeviation) = try parts(output, in: &graph)
    return try graph.concatenate([mean, graph.exp(logDeviation)], axis: 1)
  }

  private func parts(
    _ output: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> (mean: Node, logDeviation: Node) {
    let least = graph.constant(Self.leastLogDeviation)
    let raw = try graph.slice(output, axis: 1, columns..<2 * columns)
    let above = graph.softplus(try graph.subtract(raw, least))
    return (
      try graph.slice(output, axis: 1, 0..<columns), try graph.add(above, least)
    )
  }
}
