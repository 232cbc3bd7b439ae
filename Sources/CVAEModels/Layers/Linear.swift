import TensorGraph

/// Affine map `rows · weight + bias`, applied to every row.
///
/// - Shapes: `weight` `[in, out]`, `bias` `[out]`, `rows` `[batch, in]`, result `[batch, out]`.
struct Linear: Sendable {
  /// One column per output.
  let weight: Parameter
  /// Added to every row.
  let bias: Parameter

  /// Declares both parameters, `<name>.weight` and `<name>.bias`.
  init(_ name: String, in inputs: Int, out outputs: Int, store: inout ParameterStore) {
    weight = store.declare("\(name).weight", [inputs, outputs], .uniform(fanIn: inputs))
    bias = store.declare("\(name).bias", [outputs], .uniform(fanIn: inputs))
  }

  /// Appends the map to `graph`.
  func callAsFunction(_ rows: Node, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let product = try graph.matmul(rows, graph.read(weight))
    return try graph.addRow(product, graph.read(bias))
  }
}
