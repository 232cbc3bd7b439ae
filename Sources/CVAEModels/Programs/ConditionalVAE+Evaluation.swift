import RecordTypes
public import TensorGraph

extension ConditionalVAE {
  /// The bound of each record with one sample of z, whose number is the position's step.
  ///
  /// Inputs: all fields, ``InputSlot/records(_:)``. Outputs: ``OutputSlot/elbo``,
  /// ``OutputSlot/logLikelihood``, ``OutputSlot/kl``, of each generated variable
  /// ``OutputSlot/logLikelihoodOf(_:)``, and of each Gaussian one ``OutputSlot/squaredError(_:)``; where that is
  /// masked also ``OutputSlot/targetCount(_:)``.
  ///
  /// - Parameter steps: The most tokens of each text.
  public func evaluationProgram(
    batch: Int, steps: TextSteps = 0
  ) throws(ShapeMismatch) -> ModelProgram {
    var program = ProgramBuilder()
    let terms = try EvidenceLowerBound(model: self, use: .evaluation)
      .terms(batch: batch, steps: steps, in: &program)
    declareOutputs(of: terms, in: &program)
    declareFieldOutputs(terms.scores, in: &program)
    return program.program()
  }

  func declareFieldOutputs(_ scores: [LikelihoodScore], in program: inout ProgramBuilder) {
    for (head, score) in zip(decoder.heads, scores) {
      program.output(.logLikelihoodOf(head.input), score.logLikelihood)
      if let count = score.targetCount { program.output(.targetCount(head.input), count) }
    }
  }

  /// What z is under both networks.
  ///
  /// Inputs: all fields, ``InputSlot/records(_:)``. Outputs: ``OutputSlot/gaussian(_:)``, all four; see
  /// ``Style``; with ``detailLevels`` also ``OutputSlot/details(_:)``, both. For each of ``binarizedInputs`` also ``OutputSlot/binarized(_:)``, what was seen.
  ///
  /// - Parameter steps: The most tokens of each text.
  public func recognitionProgram(
    batch: Int, steps: TextSteps = 0
  ) throws(ShapeMismatch) -> ModelProgram {
    var program = ProgramBuilder()
    let records = program.indexInput(.records(.own), [batch])
    let fields = try EvidenceLowerBound.observed(
      self, batch: batch, steps: steps, records: records, in: &program)
    let prior = try prior(fields, in: &program.graph)
    let posterior = try posterior(fields, prior: prior, in: &program.graph)
    declareOutputs(posterior: posterior, prior: prior, in: &program)
    try declareDetails(of: fields, latent: posterior.mean, in: &program)
    for input in binarizedInputs { program.output(.binarized(input), fields[input]) }
    return program.program()
  }

  /// What z is under both networks.
  func declareOutputs(
    posterior: DiagonalGaussian, prior: DiagonalGaussian, in program: inout ProgramBuilder
  ) {
    program.output(.gaussian(.mean), posterior.mean)
    program.output(.gaussian(.logVariance), posterior.logVariance)
    program.output(.gaussian(.priorMean), prior.mean)
    program.output(.gaussian(.priorLogVariance), prior.logVariance)
  }

  /// One importance sample for each record, whose number is the position's step.
  ///
  /// `log w = log p(x | z, y) + log p(z | y) − log q(z | x, y)`, z drawn from q. The logarithm of
  /// the mean of several w is a bound on log p(x | y) that tightens with their number.
  ///
  /// Inputs: all fields, ``InputSlot/records(_:)``, and the four results of ``recognitionProgram(batch:)`` as
  /// ``InputSlot/gaussian(_:)``, so that recognition runs once for all samples. Images are read as they are:
  /// where the model binarises, write what recognition saw. Outputs: ``OutputSlot/logWeight``, and its part
  /// log p(x | z, y) as ``OutputSlot/logLikelihood`` and, for each generated variable,
  /// ``OutputSlot/logLikelihoodOf(_:)``; with ``detailLevels`` also ``OutputSlot/logDetailRatio``, another part of the
  /// weight, and each ``OutputSlot/klOfDetails(_:)``. Where records of a group share z, ``InputSlot/groups`` addresses its
  /// random numbers, if there are details, too.
  ///
  /// - Source: Burda, Grosse and Salakhutdinov, *Importance Weighted Autoencoders*, 2016.
  ///
  /// - Parameter steps: The most tokens of each text.
  public func importanceProgram(
    batch: Int, steps: TextSteps = 0
  ) throws(ShapeMismatch) -> ModelProgram {
    var program = ProgramBuilder()
    let records = program.indexInput(.records(.own), [batch])
    let shape: Shape = [batch, configuration.latent]
    let posterior = DiagonalGaussian(
      mean: program.input(.gaussian(.mean), shape),
      logVariance: program.input(.gaussian(.logVariance), shape))
    let prior = DiagonalGaussian(
      mean: program.input(.gaussian(.priorMean), shape),
      logVariance: program.input(.gaussian(.priorLogVariance), shape))
    // Members of a group share z, but no details.
    let groups =
      isGrouped && !detailLevels.isEmpty ? program.indexInput(.groups, [batch]) : records
    let noise = program.graph.normal("latent", records: groups, columns: configuration.latent)
    let latent = try posterior.sample(noise: noise, in: &program.graph)
    var fields = FieldNodes(
      inputs + placeInputs + chainInputs, batch: batch, steps: steps, in: &program)
    try fields.hideTargets(of: maskedInputs, in: &program.graph)
    fields = try texts(fields, in: &program.graph)
    let bound = EvidenceLowerBound(model: self, use: .evaluation)
    let details = try recognisedDetails(fields, records: records, in: &program.graph)
    let scored = try bound.scores(latent, details, fields, in: &program.graph)
    let logLikelihood = try scored.total(in: &program.graph)
    var ratio = try logPriorRatio(
      latent, noise: noise, posterior: posterior, prior: prior, in: &program.graph)
    if let gain = try flowGain(of: latent, prior: prior, in: &program.graph)?.gain {
      ratio = try program.graph.add(ratio, gain)
      program.output(.flowGain, gain)
    }
    if let own = try logRatio(of: details, scored, in: &program) {
      ratio = try program.graph.add(ratio, own)
    }
    program.output(.logWeight, try program.graph.add(logLikelihood, ratio))
    program.output(.logLikelihood, logLikelihood)
    declareFieldOutputs(scored.scores, in: &program)
    return program.program()
  }

  /// log p of each token of a text under a style, given the tokens before it and all else that is written before.
  ///
  /// Inputs: all fields, and ``InputSlot/style``. Output: ``OutputSlot/logLikelihoodOf(_:)`` of the text,
  /// `[steps · batch]`, ordered by step, then by record; 0 behind a text's end.
  ///
  /// - Parameter steps: The most tokens of each text.
  public func tokenScoreProgram(
    of input: FieldInput, batch: Int, steps: TextSteps
  ) throws(ShapeMismatch) -> ModelProgram {
    let writer = writer(of: input)
    var program = ProgramBuilder()
    let style = try styles(batch: batch, in: &program)
    var fields = FieldNodes(
      inputs + placeInputs + chainInputs, batch: batch, steps: steps, in: &program)
    try fields.hideTargets(of: maskedInputs, in: &program.graph)
    fields = try texts(fields, in: &program.graph)
    let prior = try prior(fields, in: &program.graph)
    let latent = try prior.sample(noise: style.latent, in: &program.graph)
    let state = try decoder(latent, .style(style.details), fields, in: &program.graph).state
    let scores = try writer.tokenScores(
      decoder.textRows(latent, state, in: &program.graph), fields, in: &program.graph)
    program.output(.logLikelihoodOf(input), scores)
    return program.program()
  }

  /// log N(u; 0, I) − log q(u | x, y) of all levels of details, `[batch]`, which it declares, and their divergences; nil
  /// without levels.
  private func logRatio(
    of details: DetailSource, _ scored: ScoredFields, in program: inout ProgramBuilder
  ) throws(ShapeMismatch) -> Node? {
    guard case .recognised(_, let noise?, _) = details else { return nil }
    var total: Node?
    for (level, (own, noise)) in zip(detailLevels, zip(scored.details, noise)) {
      let terms = try own.posterior.logPriorRatio(
        of: own.style, noise: noise, in: &program.graph)
      let ratio = try program.graph.sum(terms, axes: [1])
      total =
        try total.map { sum throws(ShapeMismatch) in
          try program.graph.add(sum, ratio)
        } ?? ratio
      program.output(.klOfDetails(level), try own.divergence(in: &program.graph))
    }
    if let total { program.output(.logDetailRatio, total) }
    return total
  }

  /// log p(z | y) − log q(z | x, y) where z = mean + σ · noise; the terms in 2π cancel. `[batch]`.
  private func logPriorRatio(
    _ latent: Node, noise: Node, posterior: DiagonalGaussian, prior: DiagonalGaussian,
    in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let style = try style(of: latent, prior: prior, in: &graph)
    let squares = try graph.subtract(graph.square(noise), graph.square(style))
    let spread = try graph.subtract(posterior.logVariance, prior.logVariance)
    return graph.scale(try graph.sum(graph.add(squares, spread), axes: [1]), by: 0.5)
  }
}
