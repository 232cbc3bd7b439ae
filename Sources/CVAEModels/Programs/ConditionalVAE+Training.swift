import RecordTypes
public import TensorGraph

extension ConditionalVAE {
  /// One training step.
  ///
  /// `loss = −mean(log p(x | z, y)) + klWeight · Σ_d max(freeBits, mean KL_d)`
  ///
  /// where the numbers of a level of details count together, as `max(count · freeBits, mean KL)`,
  ///
  /// plus the adversary's term, if there is one, see ``AdversaryConfiguration``.
  ///
  /// Inputs: all fields, masks, ``InputSlot/records(_:)``, ``InputSlot/klWeight``, and ``InputSlot/freeBits`` where there
  /// are some. Outputs: `loss` `[]`, `elbo` `[batch]`, `logLikelihood` `[batch]`, `kl` `[batch, latent]`, and
  /// `squaredError.<field>` `[]` for each Gaussian field.
  ///
  /// - Parameters:
  ///   - batch: Records in each step.
  ///   - steps: The most tokens of each text.
  ///   - rule: How gradients change the parameters.
  ///   - clipNorm: The gradients' largest global norm; nil leaves them as they are.
  ///   - hasFreeBits: Whether some nats in each latent dimension cost nothing, ``InputSlot/freeBits`` (Kingma et al.,
  ///     *Improved Variational Inference with Inverse Autoregressive Flow*, 2016).
  public func trainingProgram(
    batch: Int, steps: TextSteps = 0, rule: AdamRule, clipNorm: Double?, hasFreeBits: Bool
  ) throws(ShapeMismatch) -> ModelProgram {
    var program = ProgramBuilder()
    let terms = try EvidenceLowerBound(model: self, use: .training)
      .terms(batch: batch, steps: steps, in: &program)
    return try trainingProgram(
      terms, program, rule: rule, clipNorm: clipNorm, hasFreeBits: hasFreeBits)
  }

  /// The loss of a bound, its gradients, and the update.
  func trainingProgram(
    _ terms: ELBOTerms, _ program: ProgramBuilder, rule: AdamRule, clipNorm: Double?,
    hasFreeBits: Bool
  ) throws(ShapeMismatch) -> ModelProgram {
    var program = program
    let klWeight = program.input(.klWeight, [])
    let freeBits = hasFreeBits ? program.input(.freeBits, []) : nil
    let loss = try loss(terms, klWeight: klWeight, freeBits: freeBits, in: &program.graph)
    let parameters = trainedParameters
    let targets = parameters.map { program.graph.read($0) }
    let gradients = try program.graph.gradients(of: loss, by: targets)
    program.output(.loss, loss)
    declareOutputs(of: terms, in: &program)
    return program.program(
      update: ParameterUpdate(
        rule: rule, gradients: zip(parameters, gradients).map(ParameterUpdate.Gradient.init),
        loss: loss, clipNorm: clipNorm))
  }

  private func loss(
    _ terms: ELBOTerms, klWeight: Node, freeBits: Node?, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let charged = try chargedDivergence(terms, freeBits: freeBits, in: &graph)
    let loss = try graph.subtract(
      graph.multiply(klWeight, charged), graph.mean(terms.logLikelihood))
    guard let leakage = terms.leakage else { return loss }
    return try graph.add(loss, leakage)
  }

  /// Σ_d max(freeBits, mean KL_d), `[]`.
  private func chargedDivergence(
    _ terms: ELBOTerms, freeBits free: Node?, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    guard let free else { return try graph.mean(terms.klDivergencePerRecord) }
    let mean = graph.acrossRanks(.mean, try graph.mean(terms.klDivergence, axes: [0]))
    let excess = graph.relu(try graph.subtract(mean, free))
    var charged = try graph.sum(graph.add(excess, free))
    let levels = Double(detailLevels.count)
    for (place, (level, divergence)) in zip(detailLevels, terms.klDivergenceOfDetails).enumerated()
    {
      // Levels that stay at their mean have no divergence.
      let share = 1 - configuration.convolution.levelDropout * Double(place + 1) / levels
      let free = graph.scale(free, by: share * Double(level.count))
      let mean = graph.acrossRanks(.mean, try graph.mean(divergence))
      let excess = graph.relu(try graph.subtract(mean, free))
      charged = try graph.add(charged, graph.add(excess, free))
    }
    if let gain = terms.flowGain { charged = try graph.subtract(charged, graph.mean(gain)) }
    return charged
  }

  /// The outputs that training and evaluation share.
  func declareOutputs(of terms: ELBOTerms, in program: inout ProgramBuilder) {
    program.output(.elbo, terms.elbo)
    program.output(.logLikelihood, terms.logLikelihood)
    program.output(.kl, terms.klDivergence)
    if let gain = terms.flowGain { program.output(.flowGain, gain) }
    for (level, divergence) in zip(detailLevels, terms.klDivergenceOfDetails) {
      program.output(.klOfDetails(level), divergence)
    }
    for (head, score) in zip(decoder.heads, terms.scores) {
      if let error = score.squaredError { program.output(.squaredError(head.input), error) }
    }
  }
}
