extension Graph {
  /// Layer normalisation: each row less its mean over its standard deviation, then scaled and
  /// moved column by column.
  ///
  /// - Shapes: `x` `[…, columns]`, `scale` and `shift` `[columns]`; result as `x`.
  /// - Throws: ``ShapeMismatch`` when scale or shift are of another width.
  /// - Source: Ba, Kiros, Hinton, *Layer Normalization*, 2016, equation 4.
  public mutating func layerNormalization(
    _ x: Node, scale: Node, shift: Node, epsilon: Double = 1e-5
  ) throws(ShapeMismatch) -> Node {
    for row in [scale, shift] where shape(of: row) != [shape(of: x).columns] {
      throw ShapeMismatch(
        "layerNormalization",
        expected: "a scale and a shift of width \(shape(of: x).columns)",
        actual: shape(of: x), shape(of: row))
    }
    let normal = append(.normalizeRows(epsilon: epsilon), [x], shape: shape(of: x))
    return try add(multiply(normal, scale), shift)
  }
}
