import RecordTypes
import TensorGraph

/// Builds the evidence lower bound of a batch.
struct EvidenceLowerBound {
  let model: ConditionalVAE
  let use: LikelihoodUse

  /// The fields with images binarised where the model says so, the known part of masked ones, and given texts as they
  /// are read.
  static func observed(
    _ model: ConditionalVAE, batch: Int, steps: TextSteps, records: Node, set: RecordSet = .own,
    isTraining: Bool = false, in program: inout ProgramBuilder
  ) throws(ShapeMismatch) -> FieldNodes {
    var fields = FieldNodes(
      model.inputs + model.placeInputs + model.chainInputs, batch: batch, steps: steps, set: set,
      in: &program)
    for input in model.binarizedInputs {
      let drawn = try program.graph.bernoulliSample(
        fields[input], purpose: model.purpose(.binarize, of: input), records: records)
      fields.replace(input, by: drawn)
    }
    try fields.hideTargets(of: model.maskedInputs, in: &program.graph)
    if isTraining, let augmentation = model.augmentation {
      let shape: Shape = [batch, augmentation.features.width]
      fields.replace(augmentation, by: program.input(.augmentation, shape))
    }
    if isTraining {
      for input in model.textsWithDropout {
        fields.tokenNumbers[input.identity] = program.indexInput(
          .tokenNumbers(input), [steps[input.field] * batch])
      }
    }
    return try model.texts(fields, in: &program.graph)
  }

  /// Appends the bound with one sample of z for each record.
  ///
  /// - Parameter steps: The most tokens of each text.
  func terms(
    batch: Int, steps: TextSteps, in program: inout ProgramBuilder
  ) throws(ShapeMismatch) -> ELBOTerms {
    let records = program.indexInput(.records(.own), [batch])
    let fields = try Self.observed(
      model, batch: batch, steps: steps, records: records, isTraining: use == .training,
      in: &program)
    return try terms(fields, records: records, in: &program.graph)
  }

  private func terms(
    _ fields: FieldNodes, records: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> ELBOTerms {
    let prior = try model.prior(fields, in: &graph)
    let posterior = try model.posterior(fields, prior: prior, in: &graph)
    let noise = graph.normal("latent", records: records, columns: model.configuration.latent)
    let latent = try posterior.sample(noise: noise, in: &graph)
    let scored = try scores(
      latent,
      model.recognisedDetails(
        fields, records: records, isTraining: use == .training, in: &graph), fields,
      keep: use == .training ? chainKeep(records, in: &graph) : nil, in: &graph)
    let divergence = try posterior.klDivergence(from: prior, in: &graph)
    return try ELBOTerms(
      scored, klDivergence: divergence,
      flowGain: model.flowGain(of: latent, prior: prior, in: &graph)?.gain,
      leakage: use == .training
        ? leakage(of: latent, scored.details, prior: prior, fields, in: &graph) : nil, in: &graph)
  }

  /// The adversary's term of the loss for the style; nil without an adversary.
  private func leakage(
    of latent: Node, _ details: [RecognisedDetails], prior: DiagonalGaussian,
    _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node? {
    guard let adversary = model.adversary else { return nil }
    var styles = [try model.style(of: latent, prior: prior, in: &graph)]
    for (level, own) in zip(model.detailLevels, details) {
      let shape: Shape = [fields.batch, level.height, level.width, level.channels]
      styles.append(try graph.mean(graph.reshape(own.style, shape), axes: [1, 2]))
    }
    let style = styles.count > 1 ? try graph.concatenate(styles, axis: 1) : styles[0]
    return try adversary.penalty(style, fields, in: &graph)
  }

  /// 0 in the records whose columns know of each other only through z, `[batch, 1]`; nil if there are none.
  private func chainKeep(
    _ records: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node? {
    let dropout = model.configuration.decoder.columnDropout
    guard model.decoder.chain != nil, dropout > 0 else { return nil }
    let share = graph.constant(1 - dropout, [graph.shape(of: records).count, 1])
    return try graph.bernoulliSample(share, purpose: "columnDropout", records: records)
  }

  /// Appends the decoder and the likelihood of each generated field.
  ///
  /// - Parameter keep: See ``ColumnChain``.
  func scores(
    _ latent: Node, _ details: DetailSource, _ fields: FieldNodes, keep: Node? = nil,
    in graph: inout Graph
  ) throws(ShapeMismatch) -> ScoredFields {
    let outputs = try model.decoder(latent, details, fields, keep: keep, in: &graph)
    let written = try model.decoder.texts(latent, fields, outputs.state, in: &graph)
    var scores: [LikelihoodScore] = []
    for (place, head) in model.decoder.heads.enumerated() {
      if head.input.isText {
        let own = written[scores.count - outputs.outputs.count]
        scores.append(LikelihoodScore(logLikelihood: own))
        continue
      }
      let output = try model.excluding(
        outputs.outputs[place], at: place, fields, strength: Exclusion.strength, in: &graph
      ) { before in model.decoder.chain.map { fields[$0.columns[before].value] } }
      scores.append(
        try head.likelihood.score(
          output, target: fields[head.input], weights: fields.targets(head.input, in: &graph),
          use: use, in: &graph))
    }
    return ScoredFields(scores: scores, details: outputs.details)
  }
}

/// The generated fields' likelihoods under one z.
struct ScoredFields {
  /// One for each head of the decoder.
  let scores: [LikelihoodScore]
  /// Each level of details, where they were recognised.
  let details: [RecognisedDetails]

  /// log p(x | z, y) of all generated fields together, `[batch]`.
  func total(in graph: inout Graph) throws(ShapeMismatch) -> Node {
    var total = scores[0].logLikelihood
    for score in scores.dropFirst() { total = try graph.add(total, score.logLikelihood) }
    return total
  }
}

/// The bound and its parts, in nats, never weighted.
struct ELBOTerms {
  /// `[batch]`.
  let elbo: Node
  /// log p(x | z, y), `[batch]`.
  let logLikelihood: Node
  /// KL(q ‖ p), `[batch, latent]`.
  let klDivergence: Node
  /// KL(q ‖ p) of each level of details, `[batch]`.
  let klDivergenceOfDetails: [Node]
  /// log p(u) − log N(u; 0, I) under the flow of the prior, `[batch]`; nil without one.
  let flowGain: Node?
  /// The sum over latent dimensions and levels, less the flow's gain, `[batch]`.
  let klDivergencePerRecord: Node
  /// One for each generated field.
  let scores: [LikelihoodScore]
  /// What ``LeakageAdversary`` adds to the loss, `[]`; nil in evaluation and without one.
  let leakage: Node?

  /// Appends the bound, `log p(x | z, y) − KL`.
  init(
    _ scored: ScoredFields, klDivergence: Node, flowGain: Node? = nil, leakage: Node? = nil,
    in graph: inout Graph
  ) throws(ShapeMismatch) {
    scores = scored.scores
    self.leakage = leakage
    self.klDivergence = klDivergence
    logLikelihood = try scored.total(in: &graph)
    var divergence = try graph.sum(klDivergence, axes: [1])
    var levels: [Node] = []
    for details in scored.details {
      let own = try details.divergence(in: &graph)
      levels.append(own)
      divergence = try graph.add(divergence, own)
    }
    if let flowGain { divergence = try graph.subtract(divergence, flowGain) }
    self.flowGain = flowGain
    klDivergenceOfDetails = levels
    klDivergencePerRecord = divergence
    elbo = try graph.subtract(logLikelihood, divergence)
  }
}
