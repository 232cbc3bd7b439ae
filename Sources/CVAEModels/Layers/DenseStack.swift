import TensorGraph

/// Dense layers from rows to rows; the fields enter each of them.
///
/// Layers are named `<name>.hidden0`, … and `<name>.output`; the last has no activation.
struct DenseStack: Sendable {
  private let layers: [FieldLinear]
  private let activation: Activation

  /// Declares all layers.
  init(
    _ name: String, in inputs: Int, fields: [FieldInput], hidden: [Int], out outputs: Int,
    activation: Activation, store: inout ParameterStore
  ) {
    let names = hidden.indices.map { "\(name).hidden\($0)" } + ["\(name).output"]
    var layers: [FieldLinear] = []
    var width = inputs
    for (path, next) in zip(names, hidden + [outputs]) {
      layers.append(FieldLinear(path, in: width, fields: fields, out: next, store: &store))
      width = next
    }
    self.layers = layers
    self.activation = activation
  }

  /// Appends all layers to `graph`. Result `[batch, out]`.
  func callAsFunction(
    _ rows: Node, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    var x = rows
    for (index, layer) in layers.enumerated() {
      if index > 0 { x = activation(x, in: &graph) }
      x = try layer(x, fields, in: &graph)
    }
    return x
  }
}
