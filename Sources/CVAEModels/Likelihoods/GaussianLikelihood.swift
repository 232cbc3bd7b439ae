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
    _ output: Node, target: Node, use: LikelihoodUse, in graph: inout Graph
  ) throws(ShapeMismatch) -> LikelihoodScore {
    let squares = graph.square(try graph.subtract(target, output))
    let error =
      switch use {
      case .training: try graph.mean(squares)
      case .evaluation: try graph.sum(squares, axes: [1])
      }
    let deviation =
      switch (use, source) {
      case (.training, .optimal):
        graph.scale(
          graph.log(
            try graph.add(graph.stopGradient(error), graph.constant(FittedDeviation.leastVariance))),
          by: 0.5)
      case (.training, .learned), (.evaluation, _): graph.read(logDeviation)
      }
    return LikelihoodScore(
      logLikelihood: try graph.gaussianLogLikelihood(
        mean: output, logDeviation: deviation, targets: target),
      squaredError: error)
  }

  /// The mean.
  func prediction(_ output: Node, in graph: inout Graph) -> Node { output }
}
