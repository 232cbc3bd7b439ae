import RecordTypes
import TensorGraph

/// Affine map of rows and fields together: the sum of each source times a weight of its own, and
/// one bias.
///
/// It equals a ``Linear`` on the sources joined side by side, with each category as a one-hot
/// vector; but a category costs one row of its table, and no one-hot vector is built.
///
/// - Shapes: `<name>.weight` `[in, out]` for the rows, `<name>.<field>.weight` `[width, out]` for
///   each field (of a category `[levels, out]`), `<name>.bias` `[out]`; result `[batch, out]`.
///
/// First weights are scaled by the number of inputs; those of a masked field's parts, which are many and
/// mostly zeros, by their own number, so that they don't drown the rows.
///
/// A field with a single row applies to all rows alike.
///
/// A field that may be unknown has an embedding for that: for a category one more row; for a real field the
/// row `<name>.<field>.missing` `[1, out]`, with zeros in place of its value.
struct FieldLinear: Sendable {
  private struct Source: Sendable {
    let input: FieldInput
    let levels: LevelRows?
    /// Of a field that is no index.
    let weight: Parameter?
    let missing: Parameter?
  }

  private let weight: Parameter?
  private let sources: [Source]
  private let bias: Parameter

  /// Declares the parameters. `inputs` is the width of the rows, nil where there are none.
  init(
    _ name: String, in inputs: Int?, fields: [FieldInput], out outputs: Int,
    store: inout ParameterStore
  ) {
    let isPart = { (field: FieldInput) in field.part != .value }
    let parts = fields.filter(isPart).reduce(0) { $0 + $1.oneHotWidth }
    let all = (inputs ?? 0) + fields.reduce(0) { $0 + $1.oneHotWidth }
    let initializer = Initializer.uniform(fanIn: all > parts ? all - parts : all)
    let partInitializer = Initializer.uniform(fanIn: max(1, parts))
    weight = inputs.map { store.declare("\(name).weight", [$0, outputs], initializer) }
    var sources: [Source] = []
    for input in fields {
      let path = "\(name).\(input.pathName)"
      let own = isPart(input) ? partInitializer : initializer
      let levels =
        input.features.isIndex
        ? LevelRows(
          path, rows: input.tableRows, out: outputs, embedding: input.embedding, own, store: &store)
        : nil
      let weight =
        levels == nil ? store.declare("\(path).weight", [input.tableRows, outputs], own) : nil
      let missing =
        input.hasUnknownFlag
        ? store.declare("\(path).missing", [1, outputs], initializer) : nil
      sources.append(Source(input: input, levels: levels, weight: weight, missing: missing))
    }
    self.sources = sources
    bias = store.declare("\(name).bias", [outputs], initializer)
  }

  /// Appends the map to `graph`; `rows` exactly where the layer was declared with a width for them.
  ///
  /// The largest product comes last, so that planning fuses the other terms, the bias and the
  /// activation that follows into it.
  func callAsFunction(
    _ rows: Node?, _ fields: FieldNodes, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    precondition((rows == nil) == (weight == nil), "\(bias.name): rows and weight go together.")
    var products: [(rows: Node, weight: Node)] = []
    if let rows, let weight { products.append((rows, graph.read(weight))) }
    // Numbers of one column each, which tables have many of, go through one product together.
    var narrow: [(rows: Node, weight: Node)] = []
    var total: Node?
    for source in sources {
      guard let value = fields.value(ifThere: source.input) else {
        precondition(source.input.isOptional, "This program has no field '\(source.input)'.")
        continue
      }
      if let levels = source.levels {
        let term = try levels(value, in: &graph)
        total = try total.map { sum throws(ShapeMismatch) in try graph.add(sum, term) } ?? term
      } else if let weight = source.weight {
        let product = (value, graph.read(weight))
        if source.input.features.width == 1 {
          narrow.append(product)
        } else {
          products.append(product)
        }
      }
      if let missing = source.missing, let flag = fields.unknown(source.input) {
        narrow.append((flag, graph.read(missing)))
      }
    }
    if narrow.count > 2 {
      let joined = try graph.concatenate(narrow.map(\.rows), axis: 1)
      products.append((joined, try graph.concatenate(narrow.map(\.weight), axis: 0)))
    } else {
      products += narrow
    }
    products.sort { graph.shape(of: $0.weight).count < graph.shape(of: $1.weight).count }
    if fields.batch == 1, let rows, graph.shape(of: rows).rows > 1 {
      return try sharing(total, products, rows, in: &graph)
    }
    for (rows, weight) in products {
      let term = try graph.matmul(rows, weight)
      total = try total.map { sum throws(ShapeMismatch) in try graph.add(sum, term) } ?? term
    }
    guard let total else {
      return try graph.broadcast(
        graph.read(bias), to: [fields.batch, bias.shape.count])
    }
    return try graph.addRow(total, graph.read(bias))
  }

  /// The map where all rows share their fields, which then add to the bias.
  private func sharing(
    _ first: Node?, _ products: [(rows: Node, weight: Node)], _ rows: Node, in graph: inout Graph
  ) throws(ShapeMismatch) -> Node {
    var common = try graph.reshape(graph.read(bias), [1, bias.shape.count])
    if let first { common = try graph.add(common, first) }
    var result = rows
    for (source, weight) in products {
      let term = try graph.matmul(source, weight)
      if source == rows { result = term } else { common = try graph.add(common, term) }
    }
    return try graph.addRow(result, graph.reshape(common, [bias.shape.count]))
  }
}
