import RecordTypes
public import TensorGraph

extension ConditionalVAE {
  /// The bound of each record with one sample of z, whose number is the position's step.
  ///
  /// Inputs: all fields, ``ProgramInput/records``. Outputs: `elbo` `[batch]`, `logLikelihood`
  /// `[batch]`, `kl` `[batch, latent]`, `logLikelihood.<field>` `[batch]` for each generated field,
  /// and `squaredError.<field>` `[batch]` for each Gaussian one; where that is masked also
  /// `targets.<field>` `[batch]`, the columns that its squared error was summed over.
  public func evaluationProgram(batch: Int) throws(ShapeMismatch) -> Program {
    var graph = Graph()
    let terms = try EvidenceLowerBound(model: self, use: .evaluation)
      .terms(batch: batch, in: &graph)
    return Program(
      graph: graph,
      outputs: outputs(of: terms) + fieldOutputs(terms.scores) + targetOutputs(terms.scores))
  }

  private func targetOutputs(_ scores: [LikelihoodScore]) -> [Program.Output] {
    zip(decoder.heads, scores).compactMap { head, score in
      score.targetCount.map { Program.Output("targets.\(head.input.field.name)", $0) }
    }
  }

  func fieldOutputs(_ scores: [LikelihoodScore]) -> [Program.Output] {
    zip(decoder.heads, scores).map { head, score in
      Program.Output("logLikelihood.\(head.input.field.name)", score.logLikelihood)
    }
  }

  /// What z is under both networks.
  ///
  /// Inputs: all fields, ``ProgramInput/records``. Outputs, all `[batch, latent]`: `mean` and
  /// `logVariance` of q(z | x, y), `priorMean` and `priorLogVariance` of p(z | y); see ``Style``.
  /// For each of ``binarizedInputs`` also `binarized.<field>` `[batch, columns]`, what was seen.
  public func recognitionProgram(batch: Int) throws(ShapeMismatch) -> Program {
    var graph = Graph()
    let records = graph.indexInput(ProgramInput.records.rawValue, [batch])
    let fields = try EvidenceLowerBound.observed(self, batch: batch, records: records, in: &graph)
    let prior = try prior(fields, in: &graph)
    let posterior = try posterior(fields, prior: prior, in: &graph)
    let seen = binarizedInputs.map { Program.Output("binarized.\($0.field.name)", fields[$0]) }
    return Program(
      graph: graph,
      outputs: Self.outputs(posterior: posterior, prior: prior) + seen)
  }

  /// What z is under both networks, by the names of ``ProgramInput``.
  static func outputs(posterior: DiagonalGaussian, prior: DiagonalGaussian) -> [Program.Output] {
    [
      Program.Output(ProgramInput.mean.rawValue, posterior.mean),
      Program.Output(ProgramInput.logVariance.rawValue, posterior.logVariance),
      Program.Output(ProgramInput.priorMean.rawValue, prior.mean),
      Program.Output(ProgramInput.priorLogVariance.rawValue, prior.logVariance),
    ]
  }

  /// One importance sample for each record, whose number is the position's step.
  ///
  /// `log w = log p(x | z, y) + log p(z | y) − log q(z | x, y)`, z drawn from q. The logarithm of
  /// the mean of several w is a bound on log p(x | y) that tightens with their number.
  ///
  /// Inputs: all fields, ``ProgramInput/records``, and the four results of
  /// ``recognitionProgram(batch:)``, so that recognition runs once for all samples. Images are
  /// read as they are: where the model binarises, write what recognition saw. Outputs, `[batch]`:
  /// `logWeight`, and its part log p(x | z, y) as `logLikelihood` and, for each generated field,
  /// `logLikelihood.<field>`.
  ///
  /// - Source: Burda, Grosse and Salakhutdinov, *Importance Weighted Autoencoders*, 2016.
  public func importanceProgram(batch: Int) throws(ShapeMismatch) -> Program {
    var graph = Graph()
    let records = graph.indexInput(ProgramInput.records.rawValue, [batch])
    let shape: Shape = [batch, configuration.latent]
    let posterior = DiagonalGaussian(
      mean: graph.input(ProgramInput.mean.rawValue, shape),
      logVariance: graph.input(ProgramInput.logVariance.rawValue, shape))
    let prior = DiagonalGaussian(
      mean: graph.input(ProgramInput.priorMean.rawValue, shape),
      logVariance: graph.input(ProgramInput.priorLogVariance.rawValue, shape))
    let noise = graph.normal("latent", records: records, columns: configuration.latent)
    let latent = try posterior.sample(noise: noise, in: &graph)
    var fields = FieldNodes(inputs + placeInputs + chainInputs, batch: batch, in: &graph)
    try fields.hideTargets(of: maskedInputs, in: &graph)
    let bound = EvidenceLowerBound(model: self, use: .evaluation)
    let scores = try bound.scores(latent, fields, in: &graph)
    let logLikelihood = try EvidenceLowerBound.total(scores, in: &graph)
    let ratio = try logPriorRatio(
      latent, noise: noise, posterior: posterior, prior: prior, in: &graph)
    let logWeight = try graph.add(logLikelihood, ratio)
    let whole = [
      Program.Output("logWeight", logWeight), Program.Output("logLikelihood", logLikelihood),
    ]
    return Program(graph: graph, outputs: whole + fieldOutputs(scores))
  }

  /// log p(z | y) − log q(z | x, y) where z = mean + σ · noise; the terms in 2π cancel. `[batch]`.
  private func logPriorRatio(
    _ latent: Node, noise: Node, posterior: DiagonalGaussian, prior: DiagonalGaussian,
    in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let style = try graph.divide(
      graph.subtract(latent, prior.mean), prior.deviation(in: &graph))
    let squares = try graph.subtract(graph.square(noise), graph.square(style))
    let spread = try graph.subtract(posterior.logVariance, prior.logVariance)
    return graph.scale(try graph.sum(graph.add(squares, spread), axes: [1]), by: 0.5)
  }
}
