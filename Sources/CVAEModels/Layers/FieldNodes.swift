import RecordSchema
import TensorGraph

/// The fields' values in one graph.
struct FieldNodes: Sendable {
  /// Rows in each.
  let batch: Int
  private var values: [String: Node] = [:]
  private var missing: [String: Node] = [:]

  /// Declares the graph's inputs for `inputs`; their names begin with `prefix`.
  init(_ inputs: [FieldInput], batch: Int, prefix: FieldPrefix? = nil, in graph: inout Graph) {
    let prefix = prefix?.rawValue ?? ""
    self.batch = batch
    for input in inputs {
      values[input.field.name] =
        input.field.isCategory
        ? graph.indexInput(prefix + input.name, [batch])
        : graph.input(prefix + input.name, [batch, input.field.width])
      missing[input.field.name] = input.missingName.map { graph.input(prefix + $0, [batch, 1]) }
    }
  }

  /// A field's value: indices `[batch]` or reals `[batch, width]`.
  subscript(_ input: FieldInput) -> Node {
    guard let node = values[input.field.name] else {
      preconditionFailure("This program has no field '\(input.field.name)'.")
    }
    return node
  }

  /// 1 where a real field is unknown, `[batch, 1]`; nil where it is always known.
  func missing(_ input: FieldInput) -> Node? { missing[input.field.name] }

  /// Puts another value in a field's place.
  mutating func replace(_ input: FieldInput, by node: Node) { values[input.field.name] = node }
}
