import TensorGraph

/// The distribution of one generated field, given the decoder's output for it.
protocol Likelihood: Sendable {
  /// The numbers that it wants of the decoder for each record.
  var outputs: Int { get }

  /// Appends log p(x | z, y) and what belongs to it.
  ///
  /// - Shapes: `output` `[batch, columns]` or `[batch, levels]`, `target` `[batch, columns]` or
  ///   indices `[batch]`, `weights` `[batch, columns]`: 1 for a column that counts, 0 for one that
  ///   doesn't; nil where all count.
  func score(
    _ output: Node, target: Node, weights: Node?, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore

  /// Appends what generation writes: the mean `[batch, columns]`, of a mixture its components' shares, means
  /// and deviations, or probabilities `[batch, levels]`.
  func prediction(_ output: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node

  /// Appends numbers drawn from the distribution, `[batch, columns]`; of a category see
  /// ``TensorGraph/Graph/categoricalSample(_:known:purpose:records:)``, of pictures the mean is taken.
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

/// What a likelihood is computed for.
enum LikelihoodUse: Hashable, Sendable {
  /// For the loss: what is fitted to the batch at each step is fitted here.
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
