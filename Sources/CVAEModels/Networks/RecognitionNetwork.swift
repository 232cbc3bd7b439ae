import RecordSchema
import TensorGraph

/// The recognition network q(z | x, y), or q(z | x): what z was, once x is seen.
///
/// Also called posterior encoder or inference network.
struct RecognitionNetwork: Sendable {
  private enum Form: Sendable {
    case perceptron(FieldPerceptron)
    /// The encoder's coarsest features as rows, and the layer behind them.
    case convolutions(PictureChannels, PictureEncoder, FieldLinear, features: Int)
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
    let output = FieldLinear(
      "recognition.output", in: scales.coarsestCount, fields: channels.others,
      out: 2 * configuration.latent, store: &store)
    form = .convolutions(channels, encoder, output, features: scales.coarsestCount)
  }

  /// Appends the network to `graph`.
  func callAsFunction(
    _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> DiagonalGaussian {
    switch form {
    case .perceptron(let network):
      return try DiagonalGaussian(head: network(fields, in: &graph), in: &graph)
    case .convolutions(let channels, let encoder, let output, let features):
      let picture = try channels.picture(fields, in: &graph)
      let coarsest = try encoder(picture, fields, in: &graph)[encoder.coarsest]
      let rows = try graph.reshape(coarsest, [fields.batch, features])
      return try DiagonalGaussian(head: output(rows, fields, in: &graph), in: &graph)
    }
  }
}
