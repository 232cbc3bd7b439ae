/// A product within each record of a batch of sequences, whose rows are ordered by step, then by record.
public enum RecordProduct: Hashable, Sendable {
  /// Each row of one sequence times each of another: `[steps · batch, width]` and `[places · batch, width]` give
  /// `[steps · batch, places]`.
  case scores
  /// Sums of a sequence's rows by weights: `[steps · batch, places]` and `[places · batch, width]` give
  /// `[steps · batch, width]`.
  case mixture
  /// The same with the weights transposed: `[steps · batch, places]` and `[steps · batch, width]` give
  /// `[places · batch, width]`.
  case transposedMixture
}

extension Graph {
  /// A product within each of `batch` records; see ``RecordProduct`` for its shapes.
  ///
  /// - Throws: ``ShapeMismatch`` when the shapes are others.
  public mutating func recordProduct(
    _ product: RecordProduct, _ first: Node, _ second: Node, batch: Int
  ) throws(ShapeMismatch) -> Node {
    let shapes = [shape(of: first), shape(of: second)]
    func mismatch() -> ShapeMismatch {
      ShapeMismatch(
        "recordProduct", expected: "rows of \(batch) records that fit together",
        actual: shapes[0], shapes[1])
    }
    guard shapes.allSatisfy({ $0.rank == 2 && $0.rows % batch == 0 }) else { throw mismatch() }
    let fits: Bool
    let result: Shape
    switch product {
    case .scores:
      fits = shapes[0].columns == shapes[1].columns
      result = [shapes[0].rows, shapes[1].rows / batch]
    case .mixture:
      fits = shapes[0].columns * batch == shapes[1].rows
      result = [shapes[0].rows, shapes[1].columns]
    case .transposedMixture:
      fits = shapes[0].rows == shapes[1].rows
      result = [shapes[0].columns * batch, shapes[1].columns]
    }
    guard fits else { throw mismatch() }
    return append(.recordProduct(product, batch: batch), [first, second], shape: result)
  }

  /// Softmax over the first columns of each row, as many as its record has places; zeros behind them.
  ///
  /// - Shapes: `scores` `[steps · batch, places]`, `lengths` indices `[batch]`; result as `scores`.
  /// - Throws: ``ShapeMismatch`` when the shapes are others.
  public mutating func maskedSoftmax(
    _ scores: Node, lengths: Node
  ) throws(ShapeMismatch) -> Node {
    let (rows, count) = (shape(of: scores), shape(of: lengths))
    guard rows.rank == 2, count.rank == 1, rows.rows % count.count == 0,
      self[lengths].elementType == .index
    else {
      throw ShapeMismatch(
        "maskedSoftmax", expected: "rows for each step of a batch, and lengths",
        actual: rows, count)
    }
    return append(.maskedSoftmax, [scores, lengths], shape: rows)
  }

  /// How much of a row's weights lies at places that hold the row's own index.
  ///
  /// - Shapes: `weights` `[steps · batch, places]`, `source` indices `[places · batch]`, `targets` indices
  ///   `[steps · batch]`; result `[steps · batch]`.
  /// - Throws: ``ShapeMismatch`` when the shapes are others.
  public mutating func matchingSum(
    _ weights: Node, source: Node, targets: Node
  ) throws(ShapeMismatch) -> Node {
    let shapes = [weights, source, targets].map { shape(of: $0) }
    guard shapes[0].rank == 2, shapes[1].count % shapes[0].columns == 0,
      shapes[0].rows % (shapes[1].count / shapes[0].columns) == 0,
      shapes[2] == [shapes[0].rows],
      [source, targets].allSatisfy({ self[$0].elementType == .index })
    else {
      throw ShapeMismatch(
        "matchingSum", expected: "weights, the index at each place, and one of each row",
        actual: shapes[0], shapes[1], shapes[2])
    }
    return append(.matchingSum, [weights, source, targets], shape: [shapes[0].rows])
  }

  /// The sum of a row's weights for each of `levels` indices that its places hold; other indices are left out. No
  /// gradient.
  ///
  /// - Shapes: `weights` `[steps · batch, places]`, `source` indices `[places · batch]`; result
  ///   `[steps · batch, levels]`.
  /// - Throws: ``ShapeMismatch`` when the shapes are others.
  public mutating func levelSums(
    _ weights: Node, source: Node, levels: Int
  ) throws(ShapeMismatch) -> Node {
    let shapes = [shape(of: weights), shape(of: source)]
    guard shapes[0].rank == 2, shapes[1].count % shapes[0].columns == 0,
      shapes[0].rows % (shapes[1].count / shapes[0].columns) == 0,
      self[source].elementType == .index
    else {
      throw ShapeMismatch(
        "levelSums", expected: "weights, and the index at each place",
        actual: shapes[0], shapes[1])
    }
    return append(.levelSums, [weights, source], shape: [shapes[0].rows, levels])
  }
}

enum AttentionGradient {
  /// Each form's gradients are the other two.
  static func product(
    _ graph: inout Graph, _ product: RecordProduct, batch: Int, _ operands: [Node], upstream: Node
  ) throws(ShapeMismatch) -> [Node?] {
    let (first, second) = (operands[0], operands[1])
    switch product {
    case .scores:
      return [
        try graph.recordProduct(.mixture, upstream, second, batch: batch),
        try graph.recordProduct(.transposedMixture, upstream, first, batch: batch),
      ]
    case .mixture:
      return [
        try graph.recordProduct(.scores, upstream, second, batch: batch),
        try graph.recordProduct(.transposedMixture, first, upstream, batch: batch),
      ]
    case .transposedMixture:
      return [
        try graph.recordProduct(.scores, second, upstream, batch: batch),
        try graph.recordProduct(.mixture, first, upstream, batch: batch),
      ]
    }
  }
}
