import TensorGraph

/// Dense layers from fields to one row: the fields enter the first layer, which without hidden
/// layers is the output.
///
/// Layers are named `<name>.hidden0`, … and `<name>.output`.
struct FieldPerceptron: Sendable {
  private let first: FieldLinear
  private let rest: [Linear]
  private let activation: Activation

  /// Declares all layers.
  init(
    _ name: String, fields: [FieldInput], hidden: [Int], out outputs: Int,
    activation: Activation, store: inout ParameterStore
  ) {
    let widths = hidden + [outputs]
    let names = hidden.indices.map { "\(name).hidden\($0)" } + ["\(name).output"]
    first = FieldLinear(names[0], in: nil, fields: fields, out: widths[0], store: &store)
    var rest: [Linear] = []
    for layer in widths.indices.dropFirst() {
      rest.append(
        Linear(names[layer], in: widths[layer - 1], out: widths[layer], store: &store))
    }
    self.rest = rest
    self.activation = activation
  }

  /// Appends all layers to `graph`; the last has no activation. Result `[batch, out]`.
  func callAsFunction(
    _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    var rows = try first(nil, fields, in: &graph)
    for layer in rest { rows = try layer(activation(rows, in: &graph), in: &graph) }
    return rows
  }
}
