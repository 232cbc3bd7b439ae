import RecordSchema
import TensorGraph

/// The layers between a classifier's rows and its features, as settings.
enum ClassifierBody: Codable, Hashable, Sendable {
  /// Dense layers with rectifiers; none for a linear classifier.
  case perceptron(hidden: [Int])

  /// What judges pictures of a size: the one place where that is chosen.
  static func forImages(of size: ImageSize) -> ClassifierBody {
    .perceptron(hidden: [512, 64])
  }
}

/// The layers themselves: rows `[batch, width]` become features `[batch, features]`.
struct ClassifierLayers: Sendable {
  /// Numbers in a row of features; those of the row itself where there are no layers.
  let features: Int
  private let dense: [ClassifierDense]

  /// Declares the layers' parameters.
  init(_ body: ClassifierBody, width: Int, store: inout ParameterStore) {
    switch body {
    case .perceptron(let hidden):
      var inputs = width
      var layers: [ClassifierDense] = []
      for (index, outputs) in hidden.enumerated() {
        layers.append(ClassifierDense("hidden\(index)", in: inputs, out: outputs, store: &store))
        inputs = outputs
      }
      dense = layers
      features = inputs
    }
  }

  /// Whether features are other numbers than the rows.
  var hasLayers: Bool { !dense.isEmpty }

  /// Appends the layers to `graph`.
  func callAsFunction(_ rows: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    var values = rows
    for layer in dense { values = graph.relu(try layer(values, in: &graph)) }
    return values
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
