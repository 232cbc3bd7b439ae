import RecordSchema
import TensorGraph

/// The decoder p(x | z, y), also called generation network: hidden layers, and one output layer
/// with a ``Likelihood`` for each generated field.
///
/// The condition enters every layer, the output layers included. That keeps it out of z, and so
/// makes it possible to carry a style over to another condition.
struct Decoder: Sendable {
  /// What generates one field.
  struct Head: Sendable {
    let input: FieldInput
    let layer: FieldLinear
    let likelihood: any Likelihood
  }

  private let hidden: [FieldLinear]
  private let activation: Activation
  let heads: [Head]

  /// Declares the parameters `decoder.hidden0.…` and `decoder.<field>.…`.
  init(
    _ configuration: ModelConfiguration, inputs: [FieldInput], store: inout ParameterStore
  ) {
    let given = inputs.filter(\.isGiven)
    var width = configuration.latent
    var hidden: [FieldLinear] = []
    for (index, next) in configuration.decoder.hidden.enumerated() {
      hidden.append(
        FieldLinear("decoder.hidden\(index)", in: width, fields: given, out: next, store: &store))
      width = next
    }
    var heads: [Head] = []
    for input in inputs where !input.isGiven {
      let path = "decoder.\(input.pathName)"
      let layer = FieldLinear(
        path, in: width, fields: given, out: input.tableRows, store: &store)
      let likelihood = makeLikelihood(
        configuration.likelihoodKind(of: input.field), path: path, columns: input.field.width,
        deviation: configuration.gaussianDeviation, store: &store)
      heads.append(Head(input: input, layer: layer, likelihood: likelihood))
    }
    self.hidden = hidden
    self.heads = heads
    activation = configuration.activation
  }

  /// Appends the network to `graph`: one result `[batch, columns]` for each head, of which its
  /// likelihood knows the meaning.
  ///
  /// - Shapes: `latent` `[batch, latent]`.
  func callAsFunction(
    _ latent: Node, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> [Node] {
    var rows = latent
    for layer in hidden { rows = activation(try layer(rows, fields, in: &graph), in: &graph) }
    var results: [Node] = []
    for head in heads { results.append(try head.layer(rows, fields, in: &graph)) }
    return results
  }
}
