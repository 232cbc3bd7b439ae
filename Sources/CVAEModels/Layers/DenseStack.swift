import TensorGraph

/// Dense layers from rows to rows, with fields as further inputs of each layer; or from fields alone, which then
/// enter only the first layer (the output layer if there are no hidden ones).
///
/// Layers are named `<name>.hidden0`, … and `<name>.output`; the last has no activation.
struct DenseStack: Sendable {
  private let layers: [FieldLinear]
  private let activation: Activation

  /// Declares all layers. `inputs` is the width of the rows, nil where there are none.
  init(
    _ name: String, in inputs: Int?, fields: [FieldInput], hidden: [Int], out outputs: Int,
    activation: Activation, store: inout ParameterStore
  ) {
    let names = hidden.indices.map { "\(name).hidden\($0)" } + ["\(name).output"]
    var layers: [FieldLinear] = []
    var width = inputs
    for (path, next) in zip(names, hidden + [outputs]) {
      let entering = inputs == nil && !layers.isEmpty ? [] : fields
      layers.append(FieldLinear(path, in: width, fields: entering, out: next, store: &store))
      width = next
    }
    self.layers = layers
    self.activation = activation
  }

  /// Appends all layers to `graph`. Result `[batch, out]`.
  func callAsFunction(
    _ rows: Node?, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    var x = try layers[0](rows, fields, in: &graph)
    for layer in layers.dropFirst() { x = try layer(activation(x, in: &graph), fields, in: &graph) }
    return x
  }
}
