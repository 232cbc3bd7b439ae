extension Graph {
  /// Matrix product, either operand read as its transpose.
  ///
  /// - Shapes: `[rows, inner]` and `[inner, columns]` after the transpositions; result
  ///   `[rows, columns]`.
  /// - Throws: ``ShapeMismatch`` when the operands are not matrices with equal inner extents.
  public mutating func matmul(
    _ left: Node, _ right: Node, transposeLeft: Bool = false, transposeRight: Bool = false
  ) throws(ShapeMismatch) -> Node {
    guard shape(of: left).rank == 2, shape(of: right).rank == 2,
      shape(of: left).dimensions[transposeLeft ? 0 : 1]
        == shape(of: right).dimensions[transposeRight ? 1 : 0]
    else {
      throw ShapeMismatch(
        "matmul", expected: "two matrices with equal inner extents",
        actual: shape(of: left), shape(of: right))
    }
    let rows = shape(of: left).dimensions[transposeLeft ? 1 : 0]
    let columns = shape(of: right).dimensions[transposeRight ? 0 : 1]
    return append(
      .matmul(transposeLeft: transposeLeft, transposeRight: transposeRight), [left, right],
      shape: [rows, columns])
  }
}

enum MatrixProductGradient {
  /// For C = A·B: dA = dC·Bᵀ and dB = Aᵀ·dC; a transposed operand transposes its own gradient.
  static func backward(
    _ graph: inout Graph, _ left: Node, _ right: Node, transposeLeft: Bool, transposeRight: Bool,
    upstream: Node
  ) throws(ShapeMismatch) -> [Node?] {
    let byLeft =
      transposeLeft
      ? try graph.matmul(right, upstream, transposeLeft: transposeRight, transposeRight: true)
      : try graph.matmul(upstream, right, transposeRight: !transposeRight)
    let byRight =
      transposeRight
      ? try graph.matmul(upstream, left, transposeLeft: true, transposeRight: transposeLeft)
      : try graph.matmul(left, upstream, transposeLeft: !transposeLeft)
    return [byLeft, byRight]
  }
}
