extension Graph {
  /// Sum over `axes`, which vanish; all axes when left out.
  public mutating func sum(_ x: Node, axes: [Int]? = nil) throws(ShapeMismatch) -> Node {
    let source = shape(of: x)
    let chosen = (axes ?? Array(0..<source.rank)).sorted()
    guard Set(chosen).count == chosen.count, chosen.allSatisfy({ (0..<source.rank).contains($0) })
    else { throw ShapeMismatch("sum", expected: "distinct axes \(chosen)", actual: source) }
    if chosen.isEmpty { return x }
    let kept = source.dimensions.enumerated().filter { !chosen.contains($0.offset) }
    return append(.sum(axes: chosen), [x], shape: Shape(kept.map(\.element)))
  }

  /// Mean over `axes`, which vanish; all axes when left out.
  public mutating func mean(_ x: Node, axes: [Int]? = nil) throws(ShapeMismatch) -> Node {
    let total = try sum(x, axes: axes)
    let count = shape(of: x).count / shape(of: total).count
    return scale(total, by: 1 / Double(count))
  }

  /// Largest element over the last axis, which vanishes. Not differentiable.
  public mutating func maximum(_ x: Node) -> Node {
    append(.maximum, [x], shape: Shape(shape(of: x).dimensions.dropLast()))
  }
}

enum ReductionGradient {
  /// A sum's gradient is the upstream in every element that was added.
  static func sum(
    _ graph: inout Graph, input: Node, axes: [Int], upstream: Node
  ) throws(ShapeMismatch) -> Node {
    let source = graph.shape(of: input)
    let kept = Shape(
      source.dimensions.enumerated().map { axes.contains($0.offset) ? 1 : $0.element })
    return try graph.broadcast(graph.reshape(upstream, kept), to: source)
  }
}
