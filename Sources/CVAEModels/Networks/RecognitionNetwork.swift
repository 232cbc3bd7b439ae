import RecordTypes
import TensorGraph

/// The recognition network q(z | x, y), or q(z | x): what z was, once x is seen.
///
/// Also called posterior encoder or inference network.
struct RecognitionNetwork: Sendable {
  private enum Form: Sendable {
    case perceptron(FieldPerceptron)
    /// The encoder's coarsest features as rows, and the dense layers behind them.
    case convolutions(PictureChannels, PictureEncoder, DenseStack)
  }

  private let form: Form

  /// Declares the parameters `recognition.…`. `inputs` are all fields; the given ones are left out
  /// where the network doesn't see the condition.
  init(
    _ configuration: ModelConfiguration, inputs: [FieldInput], scales: PictureScales?,
    store: inout ParameterStore
  ) {
    let seen = inputs.filter { !$0.isGiven || configuration.recognition.seesCondition }
    guard let scales else {
      form = .perceptron(
        FieldPerceptron(
          "recognition", fields: seen, hidden: configuration.recognition.hidden,
          out: 2 * configuration.latent, activation: configuration.activation, store: &store))
      return
    }
    let channels = PictureChannels(seen)
    let encoder = PictureEncoder(
      "recognition", channels: channels.count, fields: channels.others, scales: scales,
      activation: configuration.activation, store: &store)
    let dense = DenseStack(
      "recognition", in: scales.coarsestCount, fields: channels.others,
      hidden: configuration.convolution.dense, out: 2 * configuration.latent,
      activation: configuration.activation, store: &store)
    form = .convolutions(channels, encoder, dense)
  }

  /// Appends the network to `graph`.
  func callAsFunction(
    _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> DiagonalGaussian {
    switch form {
    case .perceptron(let network):
      return try DiagonalGaussian(head: network(fields, in: &graph), in: &graph)
    case .convolutions(let channels, let encoder, let dense):
      let picture = try channels.picture(fields, in: &graph)
      let coarsest = try encoder(picture, fields, in: &graph)[encoder.coarsest]
      let rows = try graph.reshape(
        coarsest, [fields.batch, graph.shape(of: coarsest).count / fields.batch])
      return try DiagonalGaussian(head: dense(rows, fields, in: &graph), in: &graph)
    }
  }
}
