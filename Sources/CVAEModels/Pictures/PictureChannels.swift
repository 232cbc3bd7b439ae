import RecordTypes
import TensorGraph

/// Image fields side by side as the channels of one picture, and the fields that are no images.
struct PictureChannels: Sendable {
  /// The images, all of one height and width.
  let images: [FieldInput]
  /// The other fields, which enter as the condition does.
  let others: [FieldInput]

  /// Separates images from other fields.
  init(_ fields: [FieldInput]) {
    images = fields.filter { $0.features.pictureSize != nil }
    others = fields.filter { $0.features.pictureSize == nil }
  }

  /// Channels of all images together.
  var count: Int { images.reduce(0) { $0 + ($1.features.pictureSize?.channels ?? 0) } }

  /// Appends the picture to `graph`: `[batch, height, width, count]`.
  func picture(_ fields: FieldNodes, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    var parts: [Node] = []
    for image in images {
      guard let size = image.features.pictureSize else { continue }
      parts.append(
        try graph.reshape(fields[image], [fields.batch, size.height, size.width, size.channels]))
    }
    return try graph.concatenate(parts, axis: 3)
  }
}
