extension Graph {
  /// Softmax over the last axis.
  public mutating func softmax(_ x: Node) -> Node { append(.softmax, [x], shape: shape(of: x)) }

  /// Logarithm of the softmax over the last axis, without overflow.
  public mutating func logSoftmax(_ x: Node) -> Node {
    append(.logSoftmax, [x], shape: shape(of: x))
  }

  /// The last axis summed, and stretched to its former extent again.
  mutating func rowTotals(_ x: Node) -> Node {
    let source = shape(of: x)
    let last = source.rank - 1
    let total = sumUnchecked(x, axes: [last])
    let kept = Shape(Array(source.dimensions.dropLast()) + [1])
    return broadcastUnchecked(reshapeUnchecked(total, kept), to: source)
  }
}

enum SoftmaxGradient {
  /// For s = softmax(x): s · (upstream − Σ s · upstream).
  static func softmax(_ graph: inout Graph, output: Node, upstream: Node) -> Node {
    let weighted = graph.binaryUnchecked(.multiply, output, upstream)
    let centred = graph.binaryUnchecked(.subtract, upstream, graph.rowTotals(weighted))
    return graph.binaryUnchecked(.multiply, output, centred)
  }

  /// For l = log softmax(x): upstream − eˡ · Σ upstream.
  static func logSoftmax(_ graph: inout Graph, output: Node, upstream: Node) -> Node {
    let probabilities = graph.exp(output)
    let share = graph.binaryUnchecked(.multiply, probabilities, graph.rowTotals(upstream))
    return graph.binaryUnchecked(.subtract, upstream, share)
  }
}
