import RecordTypes
public import TensorGraph

extension ConditionalVAE {
  /// New records: style is drawn, z = mean + σ · style under the prior, and decoded.
  ///
  /// Inputs: the given fields, of masked ones their value and mask (what lies in cells to fill isn't
  /// seen), ``ProgramInput/records``, ``ProgramInput/temperature``. Outputs: one
  /// `[batch, …]` for each generated field, by the field's name: probabilities of a Bernoulli or of
  /// a category's levels, the mean of a Gaussian.
  ///
  /// - Parameters:
  ///   - fields: The generated fields that are wanted; nil for all.
  ///   - isControlled: Whether ``ProgramInput/control`` extrapolates the decoder's outputs
  ///     (logits, or means) from those under an unknown condition, of the same z:
  ///   `unknown + control · (given − unknown)`. That takes the given fields a second time, with names
  ///   that begin with ``FieldPrefix/unknown``, and a model that accepts unknown conditions.
  /// - Source: Ho and Salimans, *Classifier-Free Diffusion Guidance*, 2022, who extrapolate scores.
  public func generationProgram(
    batch: Int, isControlled: Bool = false, fields: [String]? = nil
  ) throws(ShapeMismatch) -> Program {
    var graph = Graph()
    let records = graph.indexInput(ProgramInput.records.rawValue, [batch])
    let temperature = graph.input(ProgramInput.temperature.rawValue, [])
    let noise = graph.normal("style", records: records, columns: configuration.latent)
    let style = try graph.multiply(noise, temperature)
    return try decoding(
      of: style, batch: batch, isControlled: isControlled, fields: fields, in: &graph)
  }

  /// Records of a style: as ``generationProgram(batch:isControlled:)``, but style is the input
  /// ``ProgramInput/style`` `[batch, latent]`, and nothing is drawn. For transfer, interpolation
  /// and traversals; inputs beside it: the given fields.
  public func decodingProgram(
    batch: Int, isControlled: Bool = false
  ) throws(ShapeMismatch) -> Program {
    var graph = Graph()
    let style = graph.input(ProgramInput.style.rawValue, [batch, configuration.latent])
    return try decoding(of: style, batch: batch, isControlled: isControlled, in: &graph)
  }

  private func decoding(
    of style: Node, batch: Int, isControlled: Bool, fields named: [String]? = nil,
    in graph: inout Graph
  ) throws(ShapeMismatch) -> Program {
    var fields = FieldNodes(givenInputs + partialConditions, batch: batch, in: &graph)
    try fields.hideTargets(of: maskedInputs, in: &graph)
    let prior = try prior(fields, in: &graph)
    let latent = try prior.sample(noise: style, in: &graph)
    var results = try decoder(latent, fields, in: &graph)
    if isControlled {
      precondition(acceptsMissing, "Control needs a model that accepts unknown conditions.")
      var unknown = FieldNodes(givenInputs, batch: batch, prefix: .unknown, in: &graph)
      // Known cells stay known: control is of the other fields.
      for input in maskedInputs {
        unknown.replace(input.known, by: fields[input.known])
        if !input.field.isCategory { unknown.replace(input.mask, by: fields[input.mask]) }
      }
      results = try extrapolated(results, from: decoder(latent, unknown, in: &graph), in: &graph)
    }
    var outputs: [Program.Output] = []
    for (head, result) in zip(decoder.heads, results)
    where named?.contains(head.input.field.name) ?? true {
      let prediction = try head.likelihood.prediction(result, in: &graph)
      outputs.append(Program.Output(head.input.field.name, prediction))
    }
    return Program(graph: graph, outputs: outputs)
  }

  /// unknown + control · (given − unknown), for each generated field.
  private func extrapolated(
    _ given: [Node], from unknown: [Node], in graph: inout Graph
  ) throws(ShapeMismatch) -> [Node] {
    let control = graph.input(ProgramInput.control.rawValue, [])
    var results: [Node] = []
    for (given, unknown) in zip(given, unknown) {
      let difference = try graph.subtract(given, unknown)
      results.append(try graph.add(unknown, graph.multiply(difference, control)))
    }
    return results
  }
}
