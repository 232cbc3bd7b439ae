extension Graph {
  /// A level for each row, drawn by the softmax of its logits unless it is known. No gradient.
  ///
  /// - Parameters:
  ///   - known: The known level of each row, or the number of levels for none; nil if no row has a known one.
  ///   - purpose: Addresses the random numbers, with (seed, step, record).
  /// - Shapes: `logits` `[batch, levels]`, `known` indices `[batch]`, or `[1]` for all rows, `records`
  ///   `[batch]`; result indices `[batch]`.
  public mutating func categoricalSample(
    _ logits: Node, known: Node?, purpose: RandomPurpose, records: Node
  ) throws(ShapeMismatch) -> Node {
    let given = shape(of: logits)
    let operands = [records] + [known].compactMap { $0 }
    let counts = operands.map { shape(of: $0).count }
    guard given.rank == 2, counts[0] == given.rows,
      counts.count == 1 || counts[1] == given.rows || counts[1] == 1
    else {
      throw ShapeMismatch(
        "categoricalSample",
        expected: "a matrix, and a record number and a known level for each row",
        actual: given, shape(of: records), known.map { shape(of: $0) } ?? [1])
    }
    precondition(
      operands.allSatisfy { self[$0].elementType == .index },
      "Levels and record numbers are indices.")
    return append(
      .categoricalSample(purpose), [logits] + operands, shape: [given.rows],
      type: .index)
  }

  /// Values drawn from mixtures of Gaussians: a component by the softmax of its logits, then
  /// mean + σ · ε. No gradient.
  ///
  /// - Shapes: `parameters` `[batch, 3 · columns · components]`, as of
  ///   ``gaussianMixtureLogLikelihood(parameters:targets:weights:)``, `records` `[batch]`; result
  ///   `[batch, columns]`.
  public mutating func gaussianMixtureSample(
    _ parameters: Node, columns: Int, purpose: RandomPurpose, records: Node
  ) throws(ShapeMismatch) -> Node {
    let given = shape(of: parameters)
    guard given.rank == 2, columns >= 1, given.columns % (3 * columns) == 0,
      shape(of: records).count == given.rows
    else {
      throw ShapeMismatch(
        "gaussianMixtureSample",
        expected: "three parameters of each component for \(columns) columns, and a record number "
          + "for each row", actual: given, shape(of: records))
    }
    precondition(self[records].elementType == .index, "Record numbers are indices.")
    return append(
      .gaussianMixtureSample(purpose), [parameters, records],
      shape: [given.rows, columns])
  }
}
