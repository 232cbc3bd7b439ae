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

  /// The row of a table that has one for each pair of indices: first · columns + second. No gradient.
  ///
  /// - Shapes: both indices `[batch]`, or `[1]` for all rows alike; result indices `[batch]`.
  /// - Throws: ``ShapeMismatch`` when the two aren't indices of one batch.
  public mutating func jointIndex(
    _ first: Node, _ second: Node, columns: Int
  ) throws(ShapeMismatch) -> Node {
    let shapes = [shape(of: first), shape(of: second)]
    let count = max(shapes[0].count, shapes[1].count)
    guard shapes.allSatisfy({ $0.rank == 1 && ($0.count == count || $0.count == 1) }),
      [first, second].allSatisfy({ self[$0].elementType == .index })
    else {
      throw ShapeMismatch(
        "jointIndex", expected: "two lists of indices of one length, or a single index",
        actual: shapes[0], shapes[1])
    }
    return append(.jointIndex(columns: columns), [first, second], shape: [count], type: .index)
  }

  mutating func scatterAdd(_ rows: Node, _ indices: Node, levels: Int) -> Node {
    append(
      .scatterAdd(levels: levels), [rows, indices], shape: [levels, shape(of: rows).columns])
  }
}
