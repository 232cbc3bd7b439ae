import RecordTypes
public import TensorGraph

extension ConditionalVAE {
  /// Details as recognition sees them, sampled: nothing for a model without levels.
  func recognisedDetails(
    _ fields: FieldNodes, records: Node, isTraining: Bool = false, in graph: inout Graph
  ) throws(ShapeMismatch) -> DetailSource {
    guard !detailLevels.isEmpty else { return .style([]) }
    let noise = detailLevels.map { level in
      graph.normal(level.posteriorPurpose, records: records, columns: level.count)
    }
    let dropout = configuration.convolution.levelDropout
    let keep =
      isTraining && dropout > 0 ? try levelKeep(dropout, records: records, in: &graph) : nil
    return .recognised(
      features: try recognition.features(fields, in: &graph), noise: noise, keep: keep)
  }

  /// For each level 0 in the records in which it stays at its mean, `[batch, 1]`. One number decides for all levels of a
  /// record, so that none is kept below one that isn't.
  private func levelKeep(
    _ dropout: Double, records: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> [Node] {
    let shape: Shape = [graph.shape(of: records).count, 1]
    return try detailLevels.indices.map { level throws(ShapeMismatch) in
      let share = 1 - dropout * Double(level + 1) / Double(detailLevels.count)
      return try graph.bernoulliSample(
        graph.constant(share, shape), purpose: "levelDropout", records: records)
    }
  }

  /// u = (z − mean) / σ, `[batch, latent]`.
  func style(
    of latent: Node, prior: DiagonalGaussian, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    try graph.divide(graph.subtract(latent, prior.mean), prior.deviation(in: &graph))
  }

  /// What the flow of the prior makes of a style; nil without a flow.
  func flowGain(
    of latent: Node, prior: DiagonalGaussian, in graph: inout Graph
  ) throws(ShapeMismatch) -> (noise: Node, gain: Node)? {
    guard let flow else { return nil }
    return try flow.noise(of: style(of: latent, prior: prior, in: &graph), in: &graph)
  }

  /// From styles of z to the ε of the prior's flow, or back.
  ///
  /// Input: ``InputSlot/style``, without details, styles or ε. Output: ``OutputSlot/flow``.
  public func flowProgram(batch: Int, toNoise: Bool) throws(ShapeMismatch) -> ModelProgram {
    guard let flow else { preconditionFailure("This model's style is N(0, I).") }
    var program = ProgramBuilder()
    let rows = program.input(.style, [batch, configuration.latent])
    program.output(
      .flow,
      toNoise
        ? try flow.noise(of: rows, in: &program.graph).noise
        : try flow.style(of: rows, in: &program.graph))
    return program.program()
  }

  /// The styles of records as an input: that of z, and that of each level of details.
  func styles(
    batch: Int, in program: inout ProgramBuilder
  ) throws(ShapeMismatch) -> (latent: Node, details: [Node]) {
    let style = program.input(.style, [batch, styleCount])
    guard !detailLevels.isEmpty else { return (style, []) }
    var first = configuration.latent
    let latent = try program.graph.slice(style, axis: 1, 0..<first)
    var details: [Node] = []
    for level in detailLevels {
      details.append(try program.graph.slice(style, axis: 1, first..<first + level.count))
      first += level.count
    }
    return (latent, details)
  }

  /// Declares q(u | x, y) of all levels of details, each given the means of z and of the coarser levels.
  func declareDetails(
    of fields: FieldNodes, latent: Node, in program: inout ProgramBuilder
  ) throws(ShapeMismatch) {
    guard !detailLevels.isEmpty else { return }
    let source = DetailSource.recognised(
      features: try recognition.features(fields, in: &program.graph), noise: nil)
    let details = try decoder(latent, source, fields, in: &program.graph).details
    program.output(
      .details(.mean), try program.graph.concatenate(details.map(\.posterior.mean), axis: 1))
    program.output(
      .details(.logVariance),
      try program.graph.concatenate(details.map(\.posterior.logVariance), axis: 1))
  }
}
