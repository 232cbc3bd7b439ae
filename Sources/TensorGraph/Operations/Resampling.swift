/// How pixels between known ones are found.
public enum UpsamplingMethod: Hashable, Sendable {
  /// The nearest known pixel: each becomes a square.
  case nearest
  /// The four known pixels around, weighted by their nearness; pixels' centres lie at halves.
  case bilinear
}

extension Graph {
  /// Pictures enlarged by a whole factor.
  ///
  /// - Shapes: `[batch, height, width, channels]`; result
  ///   `[batch, factor · height, factor · width, channels]`.
  /// - Throws: ``ShapeMismatch`` when the operand is no batch of pictures.
  public mutating func upsample(
    _ x: Node, by factor: Int, _ method: UpsamplingMethod = .nearest
  ) throws(ShapeMismatch) -> Node {
    precondition(factor >= 1, "A factor is at least 1: \(factor)")
    let source = shape(of: x).dimensions
    guard source.count == 4 else {
      throw ShapeMismatch(
        "upsample", expected: "pictures [batch, height, width, channels]", actual: shape(of: x))
    }
    if factor == 1 { return x }
    return append(
      .upsample(factor: factor, method), [x],
      shape: [source[0], source[1] * factor, source[2] * factor, source[3]])
  }

  /// The mean over squares of `factor` × `factor` pixels.
  ///
  /// - Shapes: `[batch, height, width, channels]`, height and width multiples of `factor`; result
  ///   `[batch, height / factor, width / factor, channels]`.
  /// - Throws: ``ShapeMismatch`` when they are not.
  public mutating func averagePool(_ x: Node, by factor: Int) throws(ShapeMismatch) -> Node {
    precondition(factor >= 1, "A factor is at least 1: \(factor)")
    let source = shape(of: x).dimensions
    guard source.count == 4, source[1] % factor == 0, source[2] % factor == 0 else {
      throw ShapeMismatch(
        "averagePool", expected: "pictures of a height and a width that \(factor) divides",
        actual: shape(of: x))
    }
    if factor == 1 { return x }
    return append(
      .averagePool(factor: factor), [x],
      shape: [source[0], source[1] / factor, source[2] / factor, source[3]])
  }
}

enum ResamplingGradient {
  /// Of nearest: each square's sum, `factor²` times its mean. Of bilinear: the transposed map.
  static func upsample(
    _ graph: inout Graph, input: Node, factor: Int, _ method: UpsamplingMethod, upstream: Node
  ) throws(ShapeMismatch) -> Node {
    switch method {
    case .nearest:
      graph.scale(try graph.averagePool(upstream, by: factor), by: Double(factor * factor))
    case .bilinear:
      graph.append(
        .bilinearGradient(factor: factor), [upstream], shape: graph.shape(of: input))
    }
  }

  /// Each pixel's share of a mean.
  static func averagePool(
    _ graph: inout Graph, factor: Int, upstream: Node
  ) throws(ShapeMismatch) -> Node {
    try graph.upsample(graph.scale(upstream, by: 1 / Double(factor * factor)), by: factor)
  }
}
