import RecordTypes
import TensorGraph

/// Convolutions from a latent up to pictures; latent and condition enter every block. The features of
/// given pictures are added at each scale (as in Ronneberger, Fischer, Brox, *U-Net*, 2015).
///
/// Layers are named `<name>.seed`, `<name>.scale0.block0`, …, `<name>.up1`, … and `<name>.picture`.
struct PictureDecoder: Sendable {
  private let seed: DenseStack
  private let blocks: [[ResidualBlock]]
  private let ups: [ConvolutionLayer]
  private let picture: ConvolutionLayer
  private let scales: PictureScales
  private let condition: PictureFeatures?

  /// Declares all layers; `outputs` is the number of channels in the pictures that come out.
  init(
    _ name: String, latent: Int, fields: [FieldInput], condition: PictureFeatures?,
    dense: [Int], outputs: Int, scales: PictureScales, activation: Activation,
    store: inout ParameterStore
  ) {
    self.scales = scales
    self.condition = condition
    let widths = scales.widths
    seed = DenseStack(
      "\(name).seed", in: latent, fields: fields, hidden: dense, out: scales.coarsestCount,
      activation: activation, store: &store)
    var blocks: [[ResidualBlock]] = []
    var ups: [ConvolutionLayer] = []
    for scale in widths.indices {
      blocks.append(
        scales.makeBlocks(
          name, scale: scale, rows: latent, fields: fields, activation: activation,
          store: &store))
      if scale > 0 {
        ups.append(
          ConvolutionLayer(
            "\(name).up\(scale)", in: widths[scale], out: widths[scale - 1], kernel: 1,
            store: &store))
      }
    }
    picture = ConvolutionLayer("\(name).picture", in: widths[0], out: outputs, store: &store)
    self.blocks = blocks
    self.ups = ups
  }

  /// Appends the network to `graph`.
  ///
  /// - Shapes: `latent` `[batch, latent]`; result `[batch, height, width, outputs]`.
  func callAsFunction(
    _ latent: Node, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let last = scales.widths.count - 1
    let features = try condition?(fields, in: &graph)
    var x = try graph.reshape(
      seed(latent, fields, in: &graph),
      [fields.batch, scales.height(last), scales.width(last), scales.widths[last]])
    for scale in scales.widths.indices.reversed() {
      if let features { x = try graph.add(x, features[scale]) }
      for block in blocks[scale] { x = try block(x, latent, fields, in: &graph) }
      if scale > 0 { x = try graph.upsample(ups[scale - 1](x, in: &graph), by: 2) }
    }
    x = try picture(x, in: &graph)
    if scales.height(0) > scales.size.height {
      x = try graph.slice(x, axis: 1, 0..<scales.size.height)
    }
    if scales.width(0) > scales.size.width {
      x = try graph.slice(x, axis: 2, 0..<scales.size.width)
    }
    return x
  }
}
