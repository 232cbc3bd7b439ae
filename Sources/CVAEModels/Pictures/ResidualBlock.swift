import TensorGraph

/// Two convolutions around a modulation by the condition, added to what came in.
///
/// `x + conv(modulate(activation(conv(x)), by: rows and fields))`
///
/// It needs no normalisation: the second convolution begins at zero, so that a deep network begins
/// as its shortcuts (Zhang, Dauphin, Ma, *Fixup Initialization*, 2019; Child, *Very Deep VAEs*, 2021,
/// scales it down instead). The modulation stands behind the activation, so that the latter is
/// computed in the convolution's own pass.
struct ResidualBlock: Sendable {
  private let first: ConvolutionLayer
  private let modulation: FieldLinear
  private let second: ConvolutionLayer
  private let activation: Activation
  private let inner: Int

  /// Declares `<name>.first`, `<name>.modulation` and `<name>.second`.
  ///
  /// - Parameters:
  ///   - width: Channels.
  ///   - rows: The width of the rows that modulate beside the fields, nil for none.
  ///   - fields: The fields that modulate.
  init(
    _ name: String, width: Int, rows: Int?, fields: [FieldInput], activation: Activation,
    store: inout ParameterStore
  ) {
    inner = width
    first = ConvolutionLayer("\(name).first", in: width, out: inner, store: &store)
    modulation = FieldLinear(
      "\(name).modulation", in: rows, fields: fields, out: 2 * inner, store: &store)
    second = ConvolutionLayer(
      "\(name).second", in: inner, out: width, startsAtZero: true, store: &store)
    self.activation = activation
  }

  /// Appends the block to `graph`; the result has the shape of `pictures`.
  func callAsFunction(
    _ pictures: Node, _ rows: Node?, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let hidden = activation(try first(pictures, in: &graph), in: &graph)
    let parts = try graph.split(modulation(rows, fields, in: &graph), axis: 1, into: 2)
    let modulated = try graph.modulate(hidden, scale: parts[0], shift: parts[1])
    return try graph.add(pictures, second(modulated, in: &graph))
  }
}

extension PictureScales {
  /// The blocks of one scale of the network `name`.
  func makeBlocks(
    _ name: String, scale: Int, rows: Int?, fields: [FieldInput], activation: Activation,
    store: inout ParameterStore
  ) -> [ResidualBlock] {
    (0..<blocks[scale]).map { block in
      ResidualBlock(
        "\(name).scale\(scale).block\(block)", width: widths[scale], rows: rows, fields: fields,
        activation: activation, store: &store)
    }
  }
}
