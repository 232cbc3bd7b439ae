import RecordTypes
import TensorGraph

/// The recognition network q(z | x, y), or q(z | x): what z was, once x is seen.
///
/// Also called posterior encoder or inference network.
struct RecognitionNetwork: Sendable {
  /// Nil where dense layers read everything.
  private let pictures: PictureFeatures?
  private let texts: TextReader
  private let dense: DenseStack

  /// Declares the parameters `recognition.…`. `inputs` are all fields; the given ones are left out
  /// where the network doesn't see the condition.
  init(
    _ configuration: ModelConfiguration, inputs: [FieldInput], scales: PictureScales?,
    store: inout ParameterStore
  ) {
    let seen = inputs.filter { !$0.isGiven || configuration.recognition.seesCondition }
    pictures = PictureFeatures(
      "recognition", configuration, fields: seen, scales: scales, store: &store)
    // What is given was read before.
    texts = TextReader(
      "recognition", configuration.text, fields: seen.filter { !$0.isGiven && $0.part == .value },
      isCondition: false, store: &store)
    let hidden =
      pictures == nil ? configuration.recognition.hidden : configuration.convolution.dense
    dense = DenseStack(
      "recognition", in: pictures?.coarsestCount, fields: pictures?.others ?? seen, hidden: hidden,
      out: 2 * configuration.latent, activation: configuration.activation, store: &store)
  }

  /// Appends the network to `graph`.
  func callAsFunction(
    _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> DiagonalGaussian {
    let fields = try texts(fields, in: &graph)
    let rows = try pictures?.rows(fields, in: &graph)
    return try DiagonalGaussian(head: dense(rows, fields, in: &graph), in: &graph)
  }

  /// Appends what the network sees of pictures at each scale, the finest first, from which details are recognised.
  func features(_ fields: FieldNodes, in graph: inout Graph) throws(ShapeMismatch) -> [Node] {
    guard let pictures else { preconditionFailure("This network reads no pictures.") }
    return try pictures(texts(fields, in: &graph), in: &graph)
  }
}
