extension Graph {
  /// Standard normal numbers, addressed by (seed, purpose, step, record).
  ///
  /// - Shapes: `records` `[batch]`, the records' numbers; result `[batch, columns]`.
  public mutating func normal(_ purpose: RandomPurpose, records: Node, columns: Int) -> Node {
    random(.normal(purpose), records, columns)
  }

  /// Numbers in (0, 1), addressed likewise.
  public mutating func uniform(_ purpose: RandomPurpose, records: Node, columns: Int) -> Node {
    random(.uniform(purpose), records, columns)
  }

  /// 1 with the probability that `x` holds, else 0: dynamic binarisation of grey values. No gradient.
  ///
  /// - Shapes: `x` `[batch, columns]`, `records` `[batch]`; result as `x`.
  public mutating func bernoulliSample(
    _ x: Node, purpose: RandomPurpose, records: Node
  ) throws(ShapeMismatch) -> Node {
    guard shape(of: x).rank == 2, shape(of: x).rows == shape(of: records).count else {
      throw ShapeMismatch(
        "bernoulliSample", expected: "a matrix and a record number for each row",
        actual: shape(of: x), shape(of: records))
    }
    return append(
      .bernoulliSample(purpose), [x, records], shape: shape(of: x))
  }

  /// Dropout: each element is 0 with probability `rate`, else divided by 1 − rate. `purpose` must
  /// differ from layer to layer.
  ///
  /// - Shapes: `x` `[batch, columns]`, `records` `[batch]`; result as `x`.
  /// - Source: Srivastava et al., *Dropout*, 2014 (the inverted form).
  public mutating func dropout(
    _ x: Node, rate: Double, purpose: RandomPurpose, records: Node
  ) throws(ShapeMismatch) -> Node {
    precondition((0..<1).contains(rate), "A dropout rate lies in 0..<1: \(rate)")
    guard shape(of: x).rank == 2, shape(of: x).rows == shape(of: records).count else {
      throw ShapeMismatch(
        "dropout", expected: "a matrix and a record number for each row",
        actual: shape(of: x), shape(of: records))
    }
    if rate == 0 { return x }
    let mask = random(
      .dropoutMask(purpose, rate: rate), records, shape(of: x).columns)
    return try multiply(x, mask)
  }

  private mutating func random(_ operation: Operation, _ records: Node, _ columns: Int) -> Node {
    precondition(self[records].elementType == .index, "Record numbers are indices.")
    return append(operation, [records], shape: [shape(of: records).count, columns])
  }
}
