import TensorGraph

/// The prior network p(z | y): what z may be, before x is seen.
///
/// - Source: Sohn, Lee and Yan, *Learning Structured Output Representation using Deep Conditional
///   Generative Models*, 2015.
struct PriorNetwork: Sendable {
  private enum Form: Sendable {
    case standard
    case affineSigmoid(FieldLinear)
    case learned(FieldPerceptron)
  }

  private let form: Form
  private let latent: Int

  /// Declares the parameters `prior.…`; a standard prior has none.
  init(
    _ configuration: ModelConfiguration, given: [FieldInput], store: inout ParameterStore
  ) {
    latent = configuration.latent
    switch configuration.prior.kind {
    case .standard: form = .standard
    case .affineSigmoid:
      form = .affineSigmoid(
        FieldLinear("prior.output", in: nil, fields: given, out: latent, store: &store))
    case .learned:
      form = .learned(
        FieldPerceptron(
          "prior", fields: given, hidden: configuration.prior.hidden, out: 2 * latent,
          activation: configuration.activation, store: &store))
    }
  }

  /// Appends the network to `graph`.
  func callAsFunction(
    _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> DiagonalGaussian {
    let zeros = graph.constant(0, [fields.batch, latent])
    switch form {
    case .standard: return DiagonalGaussian(mean: zeros, logVariance: zeros)
    case .affineSigmoid(let layer):
      let mean = graph.sigmoid(try layer(nil, fields, in: &graph))
      return DiagonalGaussian(mean: mean, logVariance: zeros)
    case .learned(let network):
      return try DiagonalGaussian(head: network(fields, in: &graph), in: &graph)
    }
  }
}
