import RecordTypes
public import TensorGraph

extension ConditionalVAE {
  /// One training step.
  ///
  /// `loss = −mean(log p(x | z, y)) + klWeight · Σ_d max(freeBits, mean KL_d)`
  ///
  /// and what an adversary adds, see ``AdversaryConfiguration``.
  ///
  /// Inputs: all fields, masks, ``ProgramInput/records``, ``ProgramInput/klWeight``. Outputs: `loss` `[]`,
  /// `elbo` `[batch]`, `logLikelihood` `[batch]`, `kl` `[batch, latent]`, and `squaredError.<field>`
  /// `[]` for each Gaussian field.
  ///
  /// - Parameters:
  ///   - batch: Records in each step.
  ///   - rule: How gradients change the parameters.
  ///   - clipNorm: The gradients' largest global norm; nil leaves them as they are.
  ///   - freeBits: Nats in each latent dimension for which nothing is charged (Kingma et al.,
  ///     *Improved Variational Inference with Inverse Autoregressive Flow*, 2016).
  public func trainingProgram(
    batch: Int, rule: AdamRule, clipNorm: Double?, freeBits: Double
  ) throws(ShapeMismatch) -> Program {
    var graph = Graph()
    let terms = try EvidenceLowerBound(model: self, use: .training).terms(batch: batch, in: &graph)
    return try trainingProgram(terms, graph, rule: rule, clipNorm: clipNorm, freeBits: freeBits)
  }

  /// The loss of a bound, its gradients, and the update.
  func trainingProgram(
    _ terms: ELBOTerms, _ graph: Graph, rule: AdamRule, clipNorm: Double?, freeBits: Double
  ) throws(ShapeMismatch) -> Program {
    var graph = graph
    let klWeight = graph.input(ProgramInput.klWeight.rawValue, [])
    let charged = try chargedDivergence(terms, freeBits: freeBits, in: &graph)
    var loss = try graph.subtract(
      graph.multiply(klWeight, charged), graph.mean(terms.logLikelihood))
    if let leakage = terms.leakage { loss = try graph.add(loss, leakage) }
    let parameters = trainedParameters
    let targets = parameters.map { graph.read($0) }
    let gradients = try graph.gradients(of: loss, by: targets)
    return Program(
      graph: graph,
      outputs: [Program.Output("loss", loss)] + outputs(of: terms),
      update: ParameterUpdate(
        rule: rule, gradients: zip(parameters, gradients).map(ParameterUpdate.Gradient.init),
        loss: loss, clipNorm: clipNorm))
  }

  /// Σ_d max(freeBits, mean KL_d), `[]`.
  private func chargedDivergence(
    _ terms: ELBOTerms, freeBits: Double, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    precondition(freeBits >= 0, "Free bits are at least 0: \(freeBits)")
    if freeBits == 0 { return try graph.mean(terms.klDivergencePerRecord) }
    let mean = try graph.mean(terms.klDivergence, axes: [0])
    let free = graph.constant(freeBits)
    let excess = graph.relu(try graph.subtract(mean, free))
    return try graph.sum(graph.add(excess, free))
  }

  /// The outputs that training and evaluation share.
  func outputs(of terms: ELBOTerms) -> [Program.Output] {
    let errors = zip(decoder.heads, terms.scores).compactMap { head, score in
      score.squaredError.map { Program.Output("squaredError.\(head.input.field.name)", $0) }
    }
    return [
      Program.Output("elbo", terms.elbo), Program.Output("logLikelihood", terms.logLikelihood),
      Program.Output("kl", terms.klDivergence),
    ] + errors
  }
}
