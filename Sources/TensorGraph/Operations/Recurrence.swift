extension Graph {
  /// A long short-term memory over the steps of a batch of sequences; its state begins with zeros.
  ///
  /// With s = gates_t + shared + h_{t−1} · weight, whose columns are the input gate, the forget gate, the new value
  /// and the output gate:
  ///
  /// `c_t = σ(s_forget) · c_{t−1} + σ(s_input) · tanh(s_new)`, `h_t = σ(s_output) · tanh(c_t)`
  ///
  /// From its length on a sequence's state stays as it is; read in reverse, it begins there. So what stands behind a
  /// sequence's end changes nothing.
  ///
  /// - Parameter isReversed: Whether the last step comes first.
  /// - Shapes: rows are ordered by step, then by record: `gates` `[steps · batch, 4 · hidden]`, `shared`
  ///   `[batch, 4 · hidden]` or `[1, 4 · hidden]`, `weight` `[hidden, 4 · hidden]`, `lengths` indices `[batch]`; result
  ///   h, `[steps · batch, hidden]`.
  /// - Throws: ``ShapeMismatch`` when the shapes are others.
  /// - Source: Hochreiter and Schmidhuber, *Long Short-Term Memory*, 1997, with the forget gate of Gers,
  ///   Schmidhuber and Cummins, 2000.
  public mutating func lstm(
    _ gates: Node, shared: Node, weight: Node, lengths: Node, isReversed: Bool = false
  ) throws(ShapeMismatch) -> Node {
    let shapes = [gates, shared, weight, lengths].map { shape(of: $0) }
    guard shapes[0].rank == 2, shapes[1].rank == 2, shapes[2].rank == 2, shapes[3].rank == 1,
      shapes[2].columns == 4 * shapes[2].rows, shapes[0].columns == shapes[2].columns,
      shapes[1].columns == shapes[2].columns, shapes[0].rows % shapes[3].count == 0,
      shapes[1].rows == shapes[3].count || shapes[1].rows == 1,
      self[lengths].elementType == .index
    else {
      throw ShapeMismatch(
        "lstm",
        expected: "gates of each step, shared ones, a weight of four times its rows, and lengths",
        actual: shapes[0], shapes[1], shapes[2], shapes[3])
    }
    return append(
      .lstm(isReversed: isReversed), [gates, shared, weight, lengths],
      shape: [shapes[0].rows, shapes[2].rows])
  }
}

enum RecurrenceGradient {
  /// The gates' gradient goes back through time; the weight's is one product over all steps.
  static func lstm(
    _ graph: inout Graph, _ node: Node, isReversed: Bool, upstream: Node
  ) throws(ShapeMismatch) -> [Node?] {
    let operands = graph[node].operands
    let (shape, wide) = (graph.shape(of: node), graph.shape(of: operands[0]))
    let batch = graph.shape(of: operands[3]).count
    let trace = graph.append(
      .lstmTrace(isReversed: isReversed), operands, shape: [5 * shape.rows, shape.columns])
    let byGates = graph.append(
      .lstmGradient(isReversed: isReversed), [trace, operands[2], operands[3], upstream],
      shape: wide)
    let byShared: Node
    if graph.shape(of: operands[1]).rows == 1 {
      byShared = try graph.reshape(graph.sum(byGates, axes: [0]), graph.shape(of: operands[1]))
    } else {
      let steps = try graph.reshape(byGates, [shape.rows / batch, batch * wide.columns])
      byShared = try graph.reshape(graph.sum(steps, axes: [0]), graph.shape(of: operands[1]))
    }
    // The outputs of the step before each.
    var before = graph.constant(0, [batch, shape.columns])
    if shape.rows > batch {
      let others = try graph.slice(
        node, axis: 0, isReversed ? batch..<shape.rows : 0..<shape.rows - batch)
      before = try graph.concatenate(isReversed ? [others, before] : [before, others], axis: 0)
    }
    let byWeight = try graph.matmul(before, byGates, transposeLeft: true)
    return [byGates, byShared, byWeight, nil]
  }
}
