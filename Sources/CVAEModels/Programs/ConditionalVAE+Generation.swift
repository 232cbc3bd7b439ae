import RecordSchema
public import TensorGraph

extension ConditionalVAE {
  /// New records: style is drawn, z = mean + σ · style under the prior, and decoded.
  ///
  /// Inputs: the given fields, of masked ones their value and mask (what lies in cells to fill isn't
  /// seen), ``ProgramInput/records``, ``ProgramInput/temperature``. Outputs: one
  /// `[batch, …]` for each generated field, by the field's name: probabilities of a Bernoulli or of
  /// a category's levels, the mean of a Gaussian.
  public func generationProgram(batch: Int) throws(ShapeMismatch) -> Program {
    var graph = Graph()
    let records = graph.indexInput(ProgramInput.records.rawValue, [batch])
    let temperature = graph.input(ProgramInput.temperature.rawValue, [])
    let noise = graph.normal("style", records: records, columns: configuration.latent)
    let style = try graph.multiply(noise, temperature)
    return try decoding(of: style, batch: batch, in: &graph)
  }

  /// Records of a style: as ``generationProgram(batch:)``, but style is the input
  /// ``ProgramInput/style`` `[batch, latent]`, and nothing is drawn. For transfer, interpolation
  /// and traversals; inputs beside it: the given fields.
  public func decodingProgram(batch: Int) throws(ShapeMismatch) -> Program {
    var graph = Graph()
    let style = graph.input(ProgramInput.style.rawValue, [batch, configuration.latent])
    return try decoding(of: style, batch: batch, in: &graph)
  }

  private func decoding(
    of style: Node, batch: Int, in graph: inout Graph
  ) throws(ShapeMismatch) -> Program {
    let partial = maskedInputs.flatMap { [$0, $0.mask] }
    var fields = FieldNodes(givenInputs + partial, batch: batch, in: &graph)
    try fields.hideTargets(of: maskedInputs, in: &graph)
    let prior = try prior(fields, in: &graph)
    let latent = try prior.sample(noise: style, in: &graph)
    let results = try decoder(latent, fields, in: &graph)
    let outputs = zip(decoder.heads, results).map { head, result in
      Program.Output(
        head.input.field.name, head.likelihood.prediction(result, in: &graph))
    }
    return Program(graph: graph, outputs: outputs)
  }
}
