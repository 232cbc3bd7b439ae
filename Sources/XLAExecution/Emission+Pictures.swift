import TensorGraph

/// Resampling and modulation of pictures `[batch, height, width, channels]`.
extension Emission {
  mutating func upsample(
    _ x: HLOValue, _ factor: Int, _ method: UpsamplingMethod
  ) -> HLOValue {
    let (batch, height, width, channels) = pictureExtents(x)
    switch method {
    case .nearest:
      let spread = builder.broadcast(
        x, to: [batch, height, factor, width, factor, channels], axes: [0, 1, 3, 5])
      return builder.reshape(spread, [batch, height * factor, width * factor, channels])
    case .bilinear:
      // Rows, then columns: [h, H] · x gives [H, b, w, c]; [w, W] · that gives [W, H, b, c].
      let rows = builder.dot(
        bilinearWeights(height, factor), x, contracting: (0, 1))
      let both = builder.dot(bilinearWeights(width, factor), rows, contracting: (0, 2))
      return builder.transpose(both, [2, 1, 0, 3])
    }
  }

  mutating func bilinearGradient(_ upstream: HLOValue, _ factor: Int) -> HLOValue {
    let (_, height, width, _) = pictureExtents(upstream)
    let rows = builder.dot(
      bilinearWeights(height / factor, factor), upstream, contracting: (1, 1))
    let both = builder.dot(
      bilinearWeights(width / factor, factor), rows, contracting: (1, 2))
    return builder.transpose(both, [2, 1, 0, 3])
  }

  /// How much each known pixel counts for each enlarged one, `[extent, factor · extent]`: 1 less the distance of their
  /// centres. Distances are whole multiples of 1/(2 · factor), so only the last division rounds.
  private mutating func bilinearWeights(_ extent: Int, _ factor: Int) -> HLOValue {
    let extents = [extent, extent * factor]
    let unit = 2 * factor
    let known = builder.multiply(
      builder.iota(extents, axis: 0), builder.whole(unit, extents))
    let doubled = builder.multiply(builder.iota(extents, axis: 1), builder.whole(2, extents))
    let centre = builder.add(doubled, builder.whole(1 - factor, extents))
    let inside = builder.zip(
      "minimum", builder.zip("maximum", centre, builder.whole(0, extents)),
      builder.whole(unit * (extent - 1), extents))
    let distance = builder.map("abs", builder.subtract(inside, known))
    let share = builder.zip(
      "maximum", builder.subtract(builder.whole(unit, extents), distance),
      builder.whole(0, extents))
    return builder.divide(
      builder.convert(share, to: .f32), builder.number(Double(unit), extents))
  }

  mutating func averagePool(_ x: HLOValue, _ factor: Int) -> HLOValue {
    let (batch, height, width, channels) = pictureExtents(x)
    let squares = builder.reshape(
      x, [batch, height / factor, factor, width / factor, factor, channels])
    return builder.scale(
      builder.sum(squares, [2, 4]), by: 1 / Double(factor * factor))
  }

  mutating func modulate(_ x: HLOValue, scale: HLOValue, shift: HLOValue?) -> HLOValue {
    let factor = builder.broadcast(builder.add(scale, 1), to: x.extents, axes: [0, 3])
    let scaled = builder.multiply(x, factor)
    guard let shift else { return scaled }
    return builder.add(scaled, builder.broadcast(shift, to: x.extents, axes: [0, 3]))
  }

  private func pictureExtents(_ x: HLOValue) -> (Int, Int, Int, Int) {
    (x.extents[0], x.extents[1], x.extents[2], x.extents[3])
  }
}
