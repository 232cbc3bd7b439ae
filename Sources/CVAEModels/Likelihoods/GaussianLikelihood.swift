import Foundation
import TensorGraph

/// Gaussian columns with one standard deviation for all of them.
///
/// The deviation is `<path>.logDeviation`. A learned one is trained by gradient. The optimal one is
/// not: training uses the batch's own maximum-likelihood value,
///
/// `log σ = ½ log(mean squared error)`
///
/// through which no gradient flows, since at the optimum that gradient vanishes; whoever trains
/// stores the training split's value in the parameter, see ``FittedDeviation``.
///
/// - Source: Rybkin et al., *Simple and Effective VAE Training with Calibrated Decoders*, 2021.
struct GaussianLikelihood: Likelihood {
  /// log σ, `[]`.
  let logDeviation: Parameter
  /// Columns of the field.
  let columns: Int
  /// Where σ comes from.
  let source: GaussianDeviation

  var outputs: Int { columns }

  /// Declares log σ, 0 at first.
  init(
    _ path: String, columns: Int, deviation: GaussianDeviation, store: inout ParameterStore
  ) {
    logDeviation = store.declare("\(path).logDeviation", [], .zeros)
    self.columns = columns
    source = deviation
  }

  /// log N(x; output, σ²), summed over columns.
  func score(
    _ output: Node, target: Node, weights: Node?, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    if let weights {
      return try score(output, target: target, counting: weights, use: use, in: &graph)
    }
    let squares = graph.square(try graph.subtract(target, output))
    let error =
      switch use {
      case .training: graph.acrossRanks(.mean, try graph.mean(graph.stopGradient(squares)))
      case .evaluation: try graph.sum(squares, axes: [1])
      }
    let deviation = try logDeviation(error: error, use: use, in: &graph)
    return LikelihoodScore(
      logLikelihood: try graph.gaussianLogLikelihood(
        mean: output, logDeviation: deviation, targets: target),
      squaredError: error)
  }

  /// The same over the columns that count: −½ Σ w ((x − mean)/σ)² − Σ w · (log σ + ½ log 2π).
  private func score(
    _ output: Node, target: Node, counting weights: Node, use: LikelihoodUse,
    in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    let residual = try graph.multiply(graph.subtract(target, output), weights)
    let squares = try graph.sum(graph.square(residual), axes: [1])
    let count = try graph.sum(weights, axes: [1])
    let error =
      switch use {
      case .training:
        try graph.divide(
          graph.acrossRanks(.sum, graph.sum(graph.stopGradient(squares))),
          atLeastOne(graph.acrossRanks(.sum, graph.sum(count)), in: &graph))
      case .evaluation: squares
      }
    let deviation = try logDeviation(error: error, use: use, in: &graph)
    let precision = graph.exp(graph.scale(deviation, by: -2))
    let distance = graph.scale(try graph.multiply(squares, precision), by: -0.5)
    let volume = try graph.add(deviation, graph.constant(0.5 * log(2 * Double.pi)))
    return LikelihoodScore(
      logLikelihood: try graph.subtract(distance, graph.multiply(count, volume)),
      squaredError: error, targetCount: use == .evaluation ? count : nil)
  }

  /// max(count, 1) of a whole number: in a batch where no column counts, the error is 0 and not 0 / 0.
  private func atLeastOne(_ count: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let excess = graph.relu(try graph.subtract(count, graph.constant(1)))
    return try graph.add(excess, graph.constant(1))
  }

  /// log σ, `[]`: the parameter, or what fits the batch whose mean squared error is `error`.
  private func logDeviation(
    error: Node, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    switch (use, source) {
    case (.training, .optimal):
      let variance = try graph.add(
        error, graph.constant(FittedDeviation.leastVariance))
      return graph.scale(graph.log(variance), by: 0.5)
    case (.training, .learned), (.evaluation, _):
      return graph.read(logDeviation)
    }
  }

  /// mean + σ · ε.
  func sample(
    _ output: Node, purpose: RandomPurpose, records: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let noise = graph.normal(purpose, records: records, columns: columns)
    return try graph.add(
      output, graph.multiply(noise, graph.exp(graph.read(logDeviation))))
  }

  /// The mean.
  func prediction(_ output: Node, in graph: inout Graph) -> Node { output }
}
