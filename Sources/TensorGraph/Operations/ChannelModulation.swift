extension Graph {
  /// Feature-wise linear modulation: each channel of each picture is scaled and moved.
  ///
  /// `x · (1 + scale) + shift`
  ///
  /// - Shapes: `x` `[batch, height, width, channels]`, `scale` and `shift` `[batch, channels]`;
  ///   result as `x`.
  /// - Throws: ``ShapeMismatch`` when they don't fit.
  /// - Source: Perez et al., *FiLM: Visual Reasoning with a General Conditioning Layer*, 2018,
  ///   section 2 (with γ = 1 + scale, so that zeros change nothing).
  public mutating func modulate(
    _ x: Node, scale: Node, shift: Node
  ) throws(ShapeMismatch) -> Node {
    let source = shape(of: x)
    for rows in [scale, shift] {
      guard source.rank == 4, shape(of: rows) == [source.dimensions[0], source.columns] else {
        throw ShapeMismatch(
          "modulate", expected: "pictures, and a number for each picture and channel",
          actual: source, shape(of: rows))
      }
    }
    return append(.modulate, [x, scale, shift], shape: source)
  }

  /// `x · (1 + scale)`, the gradient of ``modulate(_:scale:shift:)`` by `x`.
  mutating func scaleChannels(_ x: Node, scale: Node) -> Node {
    append(.scaleChannels, [x, scale], shape: shape(of: x))
  }

  /// Σ x · y over each channel's pixels, `[batch, channels]`.
  mutating func pixelProduct(_ x: Node, _ y: Node) -> Node {
    let source = shape(of: x)
    return append(.pixelProduct, [x, y], shape: [source.dimensions[0], source.columns])
  }
}

enum ModulationGradient {
  /// By x: upstream · (1 + scale); by scale: Σ upstream · x; by shift: Σ upstream.
  static func modulate(
    _ graph: inout Graph, x: Node, scale: Node, upstream: Node
  ) throws(ShapeMismatch) -> [Node?] {
    [
      graph.scaleChannels(upstream, scale: scale), graph.pixelProduct(upstream, x),
      try graph.sum(upstream, axes: [1, 2]),
    ]
  }
}
