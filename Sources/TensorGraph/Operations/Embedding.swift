extension Graph {
  /// Rows of a table by index: an embedding, or a one-hot vector's product with a matrix.
  ///
  /// - Shapes: `table` `[levels, width]`, `indices` `[batch]`; result `[batch, width]`.
  /// - Throws: ``ShapeMismatch`` when the table is no matrix or the indices are no list.
  public mutating func gather(_ table: Node, _ indices: Node) throws(ShapeMismatch) -> Node {
    guard shape(of: table).rank == 2, shape(of: indices).rank == 1,
      self[indices].elementType == .index
    else {
      throw ShapeMismatch(
        "gather", expected: "a matrix and a list of indices",
        actual: shape(of: table), shape(of: indices))
    }
    return append(
      .gather, [table, indices], shape: [shape(of: indices).count, shape(of: table).columns])
  }

  mutating func scatterAdd(_ rows: Node, _ indices: Node, levels: Int) -> Node {
    append(
      .scatterAdd(levels: levels), [rows, indices], shape: [levels, shape(of: rows).columns])
  }
}
