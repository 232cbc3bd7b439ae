import RecordTypes
import TensorGraph

/// The layers of a classifier's body: rows `[batch, width]` become features `[batch, features]`.
struct ClassifierLayers: Sendable {
  /// Numbers in a row of features; those of the row itself where there are no layers.
  let features: Int
  private let image: ImageSize?
  private let convolutions: [ClassifierConvolution]
  private let dense: [ClassifierDense]

  /// Declares the layers' parameters.
  init(_ body: ClassifierBody, width: Int, store: inout ParameterStore) {
    var size: ImageSize?
    var convolutions: [ClassifierConvolution] = []
    let hidden: [Int]
    switch body {
    case .perceptron(let widths):
      image = nil
      hidden = widths
    case .convolutional(let whole, let channels, let last):
      image = whole
      hidden = [last]
      var current = whole
      for (index, count) in channels.enumerated() {
        let layer = ClassifierConvolution(
          "convolution\(index)", of: current, out: count, store: &store)
        convolutions.append(layer)
        current = layer.result
      }
      size = current
    }
    var inputs = size?.count ?? width
    dense = hidden.enumerated().map { index, outputs in
      defer { inputs = outputs }
      return ClassifierDense("hidden\(index)", in: inputs, out: outputs, store: &store)
    }
    features = inputs
    self.convolutions = convolutions
  }

  /// Whether features are other numbers than the rows.
  var hasLayers: Bool { !dense.isEmpty }

  /// Appends the layers to `graph`.
  func callAsFunction(_ rows: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    var values = rows
    if let image {
      let batch = graph.shape(of: rows).rows
      values = try graph.reshape(rows, [batch, image.height, image.width, image.channels])
      for layer in convolutions { values = try layer(values, in: &graph) }
      let count = graph.shape(of: values).count / batch
      values = try graph.reshape(values, [batch, count])
    }
    for layer in dense { values = graph.relu(try layer(values, in: &graph)) }
    return values
  }
}

/// A convolution of 3 × 3 pixels with a rectifier, which halves height and width: by means over
/// 2 × 2 pixels, or where one of them is odd, by a stride of 2.
struct ClassifierConvolution: Sendable {
  /// What it makes of a picture.
  let result: ImageSize
  private let isPooled: Bool
  private let weight: Parameter
  private let bias: Parameter

  init(_ name: String, of image: ImageSize, out channels: Int, store: inout ParameterStore) {
    weight = store.declare(
      "\(name).weight", [3, 3, image.channels, channels], .uniform(fanIn: 9 * image.channels))
    bias = store.declare("\(name).bias", [channels], .zeros)
    isPooled = image.height % 2 == 0 && image.width % 2 == 0
    result = ImageSize(
      height: (image.height + 1) / 2, width: (image.width + 1) / 2, channels: channels)
  }

  func callAsFunction(_ pictures: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let window = ConvolutionWindow(stride: isPooled ? 1 : 2, padding: 1)
    let product = try graph.convolution(pictures, graph.read(weight), window)
    let values = graph.relu(try graph.add(product, graph.read(bias)))
    return isPooled ? try graph.averagePool(values, by: 2) : values
  }
}

/// Affine map `rows · weight + bias`.
///
/// - Shapes: `weight` `[in, out]`, `bias` `[out]`, rows `[batch, in]`, result `[batch, out]`.
struct ClassifierDense: Sendable {
  let weight: Parameter
  let bias: Parameter

  init(_ name: String, in inputs: Int, out outputs: Int, store: inout ParameterStore) {
    weight = store.declare("\(name).weight", [inputs, outputs], .uniform(fanIn: inputs))
    bias = store.declare("\(name).bias", [outputs], .zeros)
  }

  func callAsFunction(_ rows: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    try graph.addRow(graph.matmul(rows, graph.read(weight)), graph.read(bias))
  }
}
