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
    return matmulUnchecked(left, right, transposeLeft, transposeRight)
  }

  mutating func matmulUnchecked(
    _ left: Node, _ right: Node, _ transposeLeft: Bool, _ transposeRight: Bool
  ) -> Node {
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
  ) -> [Node?] {
    let byLeft =
      transposeLeft
      ? graph.matmulUnchecked(right, upstream, transposeRight, true)
      : graph.matmulUnchecked(upstream, right, false, !transposeRight)
    let byRight =
      transposeRight
      ? graph.matmulUnchecked(upstream, left, true, transposeLeft)
      : graph.matmulUnchecked(left, upstream, !transposeLeft, false)
    return [byLeft, byRight]
  }
}
