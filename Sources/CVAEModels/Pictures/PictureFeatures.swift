import TensorGraph

/// The features of pictures at each scale: those of all pictures that recognition sees; or, shared by prior and
/// decoder, those of given images and of the known pixels of masked ones with their mask.
struct PictureFeatures: Sendable {
  private let channels: PictureChannels
  private let encoder: PictureEncoder
  /// Numbers in the coarsest features.
  let coarsestCount: Int
  /// The fields that aren't pictures.
  var others: [FieldInput] { channels.others }

  /// Declares the parameters `<name>.…`; nil where no field is a picture or the networks are dense.
  init?(
    _ name: String, _ configuration: ModelConfiguration, fields: [FieldInput],
    scales: PictureScales?, store: inout ParameterStore
  ) {
    channels = PictureChannels(fields)
    guard let scales, !channels.images.isEmpty else { return nil }
    coarsestCount = scales.coarsestCount
    encoder = PictureEncoder(
      name, channels: channels.count, fields: channels.others, scales: scales,
      activation: configuration.activation, store: &store)
  }

  /// Appends the network to `graph`, once however often it is called: the finest features first.
  func callAsFunction(
    _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> [Node] {
    try encoder(channels.picture(fields, in: &graph), fields, in: &graph)
  }

  /// The coarsest features as rows, `[batch, coarsestCount]`.
  func rows(_ fields: FieldNodes, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let features = try self(fields, in: &graph)
    return try graph.reshape(features[features.count - 1], [fields.batch, coarsestCount])
  }
}
