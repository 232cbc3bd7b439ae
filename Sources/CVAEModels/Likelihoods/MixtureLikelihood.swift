import Foundation
import TensorGraph

/// Each column of each record under a mixture of Gaussians of its own: how widely a column spreads, and whether
/// it has several modes, differs from record to record, and with which other columns are given.
///
/// The decoder's output has three numbers for each component of each column: all logits, then all means, then
/// all log σ. Zeros, with which a network begins, stand for equal shares, means from −2 to 2, and σ = ½.
///
/// - Source: Bishop, *Mixture Density Networks*, 1994.
struct MixtureLikelihood: Likelihood {
  /// Columns of the field.
  let columns: Int

  var outputs: Int { 3 * columns * Self.components }

  /// Of each column.
  static let components = 8

  /// log density, summed over columns.
  func score(
    _ output: Node, target: Node, weights: Node?, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    let batch = graph.shape(of: output).rows
    return LikelihoodScore(
      logLikelihood: try graph.gaussianMixtureLogLikelihood(
        parameters: parameters(output, in: &graph), targets: target,
        weights: weights ?? graph.constant(1, [batch, columns])))
  }

  func sample(
    _ output: Node, purpose: RandomPurpose, records: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    try graph.gaussianMixtureSample(
      parameters(output, in: &graph), columns: columns, purpose: purpose, records: records)
  }

  /// Shares, means and deviations of the components, in the order of the output.
  func prediction(_ output: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let all = try parameters(output, in: &graph)
    let part = columns * Self.components
    let batch = graph.shape(of: output).rows
    let logits = try graph.reshape(
      graph.slice(all, axis: 1, 0..<part), [batch * columns, Self.components])
    let shares = try graph.reshape(graph.softmax(logits), [batch, part])
    let means = try graph.slice(all, axis: 1, part..<2 * part)
    let logs = try graph.slice(all, axis: 1, 2 * part..<3 * part)
    let least = graph.constant(GaussianMixture.leastLogDeviation)
    let excess = graph.relu(try graph.subtract(logs, least))
    return try graph.concatenate([shares, means, graph.exp(graph.add(excess, least))], axis: 1)
  }

  private func parameters(_ output: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    var parts: [Node] = [graph.constant(0, [1, columns * Self.components])]
    let means = (0..<Self.components).map { component in
      graph.constant(-2 + 4 * Double(component) / Double(Self.components - 1), [1, 1])
    }
    for _ in 0..<columns { parts += means }
    parts.append(graph.constant(log(0.5), [1, columns * Self.components]))
    return try graph.add(output, graph.concatenate(parts, axis: 1))
  }
}
