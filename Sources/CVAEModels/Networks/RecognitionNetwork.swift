import TensorGraph

/// The recognition network q(z | x, y), or q(z | x): what z was, once x is seen.
///
/// Also called posterior encoder or inference network.
struct RecognitionNetwork: Sendable {
  private let network: FieldPerceptron

  /// Declares the parameters `recognition.…`. `inputs` are all fields; the given ones are left out
  /// where the network doesn't see the condition.
  init(
    _ configuration: ModelConfiguration, inputs: [FieldInput], store: inout ParameterStore
  ) {
    network = FieldPerceptron(
      "recognition",
      fields: inputs.filter { !$0.isGiven || configuration.recognition.seesCondition },
      hidden: configuration.recognition.hidden, out: 2 * configuration.latent,
      activation: configuration.activation, store: &store)
  }

  /// Appends the network to `graph`.
  func callAsFunction(
    _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> DiagonalGaussian {
    try DiagonalGaussian(head: network(fields, in: &graph), in: &graph)
  }
}
