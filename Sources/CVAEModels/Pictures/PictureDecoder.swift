import RecordTypes
import TensorGraph

/// Convolutions from a latent up to pictures; latent and condition enter every block. The features of
/// given pictures are added at each scale (as in Ronneberger, Fischer, Brox, *U-Net*, 2015).
///
/// Layers are named `<name>.seed`, `<name>.scale0.block0`, …, `<name>.up1`, …, `<name>.smooth0`, …, `<name>.details0.…`
/// and `<name>.picture`.
struct PictureDecoder: Sendable {
  private let seed: DenseStack
  private let blocks: [[ResidualBlock]]
  private let ups: [ConvolutionLayer]
  /// At scales without blocks, if there are any.
  private let smooth: [Int: ConvolutionLayer]
  /// Before the blocks of their scales, if there are any.
  private let details: [Int: DetailNetwork]
  private let picture: ConvolutionLayer
  private let scales: PictureScales
  private let activation: Activation
  private let condition: PictureFeatures?

  /// Declares all layers; `outputs` is the number of channels in the pictures that come out, and `isSmooth` says whether
  /// a convolution follows each up-sampling that no block follows.
  init(
    _ name: String, latent: Int, fields: [FieldInput], condition: PictureFeatures?,
    dense: [Int], outputs: Int, isSmooth: Bool, scales: PictureScales, activation: Activation,
    store: inout ParameterStore
  ) {
    self.scales = scales
    self.condition = condition
    self.activation = activation
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
    smooth = Dictionary(
      uniqueKeysWithValues: widths.indices.filter { isSmooth && scales.blocks[$0] == 0 }.map {
        scale in
        let layer = ConvolutionLayer(
          "\(name).smooth\(scale)", in: widths[scale], out: widths[scale], store: &store)
        return (scale, layer)
      })
    details = Dictionary(
      uniqueKeysWithValues: scales.levels.map { level in
        let network = DetailNetwork(
          "\(name).details\(level.scale)", level, width: widths[level.scale], latent: latent,
          fields: fields, count: scales.levels.count, activation: activation, store: &store)
        return (level.scale, network)
      })
    self.blocks = blocks
    self.ups = ups
  }

  /// Appends the network to `graph`.
  ///
  /// - Shapes: `latent` `[batch, latent]`; the picture `[batch, height, width, outputs]`.
  func callAsFunction(
    _ latent: Node, _ source: DetailSource, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> (picture: Node, details: [RecognisedDetails]) {
    var recognised: [RecognisedDetails] = []
    let last = scales.widths.count - 1
    let features = try condition?(fields, in: &graph)
    var x = try graph.reshape(
      seed(latent, fields, in: &graph),
      [fields.batch, scales.height(last), scales.width(last), scales.widths[last]])
    for scale in scales.widths.indices.reversed() {
      if let features { x = try graph.add(x, features[scale]) }
      if let level = details[scale] {
        let place = scales.levels.count { $0.scale > scale }
        let drawn = try level(
          x, source.level(place, scale: scale), latent, fields, in: &graph)
        x = drawn.state
        if let own = drawn.details { recognised.append(own) }
      }
      for block in blocks[scale] { x = try block(x, latent, fields, in: &graph) }
      if let layer = smooth[scale] {
        x = try graph.add(x, layer(activation(x, in: &graph), in: &graph))
      }
      if scale > 0 { x = try graph.upsample(ups[scale - 1](x, in: &graph), by: 2) }
    }
    if smooth[0] != nil { x = activation(x, in: &graph) }
    x = try picture(x, in: &graph)
    if scales.height(0) > scales.size.height {
      x = try graph.slice(x, axis: 1, 0..<scales.size.height)
    }
    if scales.width(0) > scales.size.width {
      x = try graph.slice(x, axis: 2, 0..<scales.size.width)
    }
    return (x, recognised)
  }
}
