import TensorGraph

/// Convolution with a bias for each output channel.
///
/// - Shapes: `<name>.weight` `[kernel, kernel, in, out]`, `<name>.bias` `[out]`; pictures
///   `[batch, height, width, in]`, result `[batch, height / stride, width / stride, out]`, rounded up.
struct ConvolutionLayer: Sendable {
  private let weight: Parameter
  private let bias: Parameter
  private let window: ConvolutionWindow

  /// Declares both parameters; an odd kernel is padded so that only the stride changes extents.
  ///
  /// - Parameter firstScale: The factor of the first values.
  init(
    _ name: String, in inputs: Int, out outputs: Int, kernel: Int = 3, stride: Int = 1,
    startsAtZero: Bool = false, firstScale: Double = 1, store: inout ParameterStore
  ) {
    precondition(kernel % 2 == 1, "A kernel has an odd extent: \(kernel)")
    let scale = max(1, Double(kernel * kernel * inputs) / (firstScale * firstScale))
    let initializer: Initializer = startsAtZero ? .zeros : .uniform(fanIn: Int(scale))
    weight = store.declare("\(name).weight", [kernel, kernel, inputs, outputs], initializer)
    bias = store.declare("\(name).bias", [outputs], initializer)
    window = ConvolutionWindow(stride: stride, padding: kernel / 2)
  }

  /// Appends the layer to `graph`.
  func callAsFunction(_ pictures: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    try graph.add(
      graph.convolution(pictures, graph.read(weight), window), graph.read(bias))
  }
}
