import TensorGraph

/// The distribution of one generated field, given the decoder's output for it.
protocol Likelihood: Sendable {
  /// How many numbers it needs from the decoder for each record.
  var outputs: Int { get }

  /// Appends log p(x | z, y) and the sums that are reported with it.
  ///
  /// - Shapes: `output` `[batch, columns]` or `[batch, levels]`, `target` `[batch, columns]` or
  ///   indices `[batch]`, `weights` `[batch, columns]`: 1 for a column that counts, 0 for one that
  ///   doesn't; nil where all count.
  func score(
    _ output: Node, target: Node, weights: Node?, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore

  /// Appends the distribution's parameters: the mean `[batch, columns]`; for a mixture the components' shares,
  /// means and deviations; for a category the probabilities `[batch, levels]`.
  func prediction(_ output: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node

  /// Appends numbers drawn from the distribution, `[batch, columns]`. For categories see
  /// ``TensorGraph/Graph/categoricalSample(_:known:purpose:records:)``; of a Bernoulli on grey values the mean.
  func sample(
    _ output: Node, purpose: RandomPurpose, records: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node
}

extension Likelihood {
  func sample(
    _ output: Node, purpose: RandomPurpose, records: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    try prediction(output, in: &graph)
  }
}

/// The purpose that a likelihood is computed for.
enum LikelihoodUse: Hashable, Sendable {
  /// For the loss: parameters that are fitted to each batch are fitted to this one.
  case training
  /// With stored parameters alone, each record by itself.
  case evaluation
}

/// A likelihood's results in a graph.
struct LikelihoodScore: Sendable {
  /// `[batch]`, nats.
  let logLikelihood: Node
  /// Of a Gaussian: the squared error's mean over batch and columns `[]` while training, its sum
  /// over columns `[batch]` in evaluation.
  var squaredError: Node?
  /// Of a masked Gaussian in evaluation: the columns that count, `[batch]`.
  var targetCount: Node?
}
