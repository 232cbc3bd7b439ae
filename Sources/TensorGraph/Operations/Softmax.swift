extension Graph {
  /// Softmax over the last axis.
  public mutating func softmax(_ x: Node) -> Node { append(.softmax, [x], shape: shape(of: x)) }

  /// Logarithm of the softmax over the last axis, without overflow.
  public mutating func logSoftmax(_ x: Node) -> Node {
    append(.logSoftmax, [x], shape: shape(of: x))
  }

  /// The last axis summed, and stretched to its former extent again.
  mutating func rowTotals(_ x: Node) throws(ShapeMismatch) -> Node {
    let source = shape(of: x)
    let total = try sum(x, axes: [source.rank - 1])
    let kept = Shape(Array(source.dimensions.dropLast()) + [1])
    return try broadcast(reshape(total, kept), to: source)
  }
}

enum SoftmaxGradient {
  /// For s = softmax(x): s · (upstream − Σ s · upstream).
  static func softmax(
    _ graph: inout Graph, output: Node, upstream: Node
  ) throws(ShapeMismatch) -> Node {
    let weighted = try graph.multiply(output, upstream)
    let centred = try graph.subtract(upstream, graph.rowTotals(weighted))
    return try graph.multiply(output, centred)
  }

  /// For l = log softmax(x): upstream − eˡ · Σ upstream.
  static func logSoftmax(
    _ graph: inout Graph, output: Node, upstream: Node
  ) throws(ShapeMismatch) -> Node {
    let probabilities = graph.exp(output)
    let share = try graph.multiply(probabilities, graph.rowTotals(upstream))
    return try graph.subtract(upstream, share)
  }
}
