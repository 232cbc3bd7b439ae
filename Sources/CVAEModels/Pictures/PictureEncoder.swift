import RecordTypes
import TensorGraph

/// Convolutions from pictures down to the coarsest scale, the condition entering every block.
///
/// Layers are named `<name>.stem`, `<name>.down1`, … and `<name>.scale0.block0`, ….
struct PictureEncoder: Sendable {
  private let stem: ConvolutionLayer
  private let downs: [ConvolutionLayer]
  private let blocks: [[ResidualBlock]]
  private let scales: PictureScales

  /// Declares all layers; `channels` is the number of them in the pictures that come in.
  init(
    _ name: String, channels: Int, fields: [FieldInput], scales: PictureScales,
    activation: Activation, store: inout ParameterStore
  ) {
    self.scales = scales
    let widths = scales.widths
    stem = ConvolutionLayer("\(name).stem", in: channels, out: widths[0], store: &store)
    var downs: [ConvolutionLayer] = []
    var blocks: [[ResidualBlock]] = []
    for scale in widths.indices {
      if scale > 0 {
        downs.append(
          ConvolutionLayer(
            "\(name).down\(scale)", in: widths[scale - 1], out: widths[scale], stride: 2,
            store: &store))
      }
      blocks.append(
        scales.makeBlocks(
          name, scale: scale, rows: nil, fields: fields, activation: activation, store: &store))
    }
    self.downs = downs
    self.blocks = blocks
  }

  /// Appends the network to `graph`: the pictures' features at each scale, the finest first.
  ///
  /// - Shapes: `pictures` `[batch, height, width, channels]`.
  func callAsFunction(
    _ pictures: Node, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> [Node] {
    let bottom = scales.height(0) - scales.size.height
    let right = scales.width(0) - scales.size.width
    var x = pictures
    if bottom > 0 { x = graph.pad(x, axis: 1, before: 0, after: bottom) }
    if right > 0 { x = graph.pad(x, axis: 2, before: 0, after: right) }
    x = try stem(x, in: &graph)
    var features: [Node] = []
    for scale in scales.widths.indices {
      if scale > 0 { x = try downs[scale - 1](x, in: &graph) }
      for block in blocks[scale] { x = try block(x, nil, fields, in: &graph) }
      features.append(x)
    }
    return features
  }
}
