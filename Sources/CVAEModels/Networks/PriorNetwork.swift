import TensorGraph

/// The prior network p(z | y): what z may be, before x is seen.
///
/// - Source: Sohn, Lee and Yan, *Learning Structured Output Representation using Deep Conditional
///   Generative Models*, 2015.
struct PriorNetwork: Sendable {
  private enum Form: Sendable {
    case standard
    case affineSigmoid(FieldLinear)
    /// Dense layers, after the features of given pictures if there are any.
    case learned(PictureFeatures?, DenseStack)
  }

  private let form: Form
  private let latent: Int

  /// Declares the parameters `prior.…`; a standard prior has none.
  init(
    _ configuration: ModelConfiguration, given: [FieldInput], pictures: PictureFeatures?,
    store: inout ParameterStore
  ) {
    latent = configuration.latent
    switch configuration.prior.kind {
    case .standard: form = .standard
    case .affineSigmoid:
      form = .affineSigmoid(
        FieldLinear("prior.output", in: nil, fields: given, out: latent, store: &store))
    case .learned:
      let hidden =
        pictures == nil ? configuration.prior.hidden : configuration.convolution.dense
      let dense = DenseStack(
        "prior", in: pictures?.coarsestCount, fields: pictures?.others ?? given, hidden: hidden,
        out: 2 * latent, activation: configuration.activation, store: &store)
      form = .learned(pictures, dense)
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
    case .learned(let pictures, let dense):
      let rows = try pictures?.rows(fields, in: &graph)
      return try DiagonalGaussian(head: dense(rows, fields, in: &graph), in: &graph)
    }
  }
}
