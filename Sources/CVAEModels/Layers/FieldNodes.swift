import RecordTypes
import TensorGraph

/// The fields' values in one graph.
struct FieldNodes: Sendable {
  /// Rows in each.
  let batch: Int
  private var values: [String: Node] = [:]
  private var missing: [String: Node] = [:]
  /// 1 where a column of a masked field is given, `[batch, width]`.
  private var given: [String: Node] = [:]

  /// Declares the graph's inputs for `inputs`, whose names begin with `prefix`; the known part of a
  /// masked field that is no category is none, see ``hideTargets(of:in:)``.
  init(_ inputs: [FieldInput], batch: Int, prefix: FieldPrefix? = nil, in graph: inout Graph) {
    let prefix = prefix?.rawValue ?? ""
    self.batch = batch
    for input in inputs where input.part != .known || input.field.isCategory {
      values[input.name] =
        input.field.isCategory
        ? graph.indexInput(prefix + input.name, [batch])
        : graph.input(prefix + input.name, [batch, input.field.width])
      missing[input.name] = input.missingName.map { graph.input(prefix + $0, [batch, 1]) }
    }
  }

  /// A field's value: indices `[batch]` or reals `[batch, width]`.
  subscript(_ input: FieldInput) -> Node {
    guard let node = values[input.name] else {
      preconditionFailure("This program has no field '\(input.name)'.")
    }
    return node
  }

  /// 1 where a real field is unknown, `[batch, 1]`; nil where it is always known.
  func missing(_ input: FieldInput) -> Node? { missing[input.name] }

  /// Puts another value in a field's place.
  mutating func replace(_ input: FieldInput, by node: Node) { values[input.name] = node }

  /// Computes the known part of each of `masked`: its value times its mask. Values that are replaced
  /// must be before.
  mutating func hideTargets(
    of masked: [FieldInput], in graph: inout Graph
  ) throws(ShapeMismatch) {
    for input in masked where !input.field.isCategory {
      let columns = try Self.spread(self[input.mask], over: input.field, in: &graph)
      given[input.name] = columns
      values[input.known.name] = try graph.multiply(self[input], columns)
    }
  }

  /// Repeats each cell for the columns that belong to it: a pixel for its channels.
  private static func spread(
    _ mask: Node, over field: Field, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    let shape = graph.shape(of: mask)
    let share = field.width / shape.columns
    if share == 1 { return mask }
    let cells = try graph.reshape(mask, [shape.rows, shape.columns, 1])
    let columns = try graph.broadcast(cells, to: [shape.rows, shape.columns, share])
    return try graph.reshape(columns, [shape.rows, field.width])
  }

  /// 1 where a partial field that is no category has a value, given or generated, `[batch, 1]`.
  func presence(_ input: FieldInput, in graph: inout Graph) throws(ShapeMismatch) -> Node {
    let target = self[input.target]
    guard let given = values[input.mask.name] else { return target }
    return try graph.add(target, given)
  }

  /// 1 where a column counts in the likelihood, 0 where not, `[batch, width]`; nil for a field of which
  /// all columns count, and for a category, whose index tells.
  func targets(_ input: FieldInput, in graph: inout Graph) throws(ShapeMismatch) -> Node? {
    if input.isPartial {
      return input.field.isCategory
        ? nil : try Self.spread(self[input.target], over: input.field, in: &graph)
    }
    guard let columns = given[input.name] else { return nil }
    return try graph.subtract(graph.constant(1), columns)
  }
}
