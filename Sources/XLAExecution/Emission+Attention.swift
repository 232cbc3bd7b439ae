import TensorGraph

/// Products within records, whose rows are ordered by step, then by record.
extension Emission {
  mutating func recordProduct(
    _ product: RecordProduct, _ first: HLOValue, _ second: HLOValue, _ batch: Int
  ) -> HLOValue {
    let (a, b) = (bySteps(first, batch), bySteps(second, batch))
    let byRecord: HLOValue
    switch product {
    case .scores: byRecord = builder.dot(a, b, batch: (1, 1), contracting: (2, 2))
    case .mixture: byRecord = builder.dot(a, b, batch: (1, 1), contracting: (2, 0))
    case .transposedMixture: byRecord = builder.dot(a, b, batch: (1, 1), contracting: (0, 0))
    }
    return rows(byRecord)
  }

  mutating func maskedSoftmax(_ scores: HLOValue, lengths: HLOValue) -> HLOValue {
    let steps = bySteps(scores, lengths.extents[0])
    let extents = steps.extents
    let isPlace = builder.compare(
      builder.iota(extents, axis: 2), "LT",
      builder.broadcast(lengths, to: extents, axes: [1]))
    let known = builder.select(isPlace, steps, builder.number(-.infinity, extents))
    let top = builder.acrossColumns(builder.largestOfRows(known), like: steps)
    let zero = builder.number(0, extents)
    let weights = builder.select(isPlace, builder.exp(builder.subtract(steps, top)), zero)
    let total = builder.acrossColumns(builder.sumRows(weights), like: steps)
    return builder.reshape(
      builder.select(isPlace, builder.divide(weights, total), zero), scores.extents)
  }

  mutating func matchingSum(
    _ weights: HLOValue, source: HLOValue, targets: HLOValue
  ) -> HLOValue {
    let zero = builder.number(0, weights.extents)
    let mask = matches(source: source, targets: targets, places: weights.extents[1])
    return builder.sumRows(builder.select(mask, weights, zero))
  }

  mutating func matchingSumGradient(
    source: HLOValue, targets: HLOValue, upstream: HLOValue, _ shape: Shape
  ) -> HLOValue {
    let mask = matches(source: source, targets: targets, places: shape.columns)
    let share = builder.broadcast(upstream, to: shape.dimensions, axes: [0])
    return builder.select(mask, share, builder.number(0, shape.dimensions))
  }

  mutating func levelSums(
    _ weights: HLOValue, source: HLOValue, _ shape: Shape
  ) -> HLOValue {
    let (places, levels) = (weights.extents[1], shape.columns)
    let batch = source.extents[0] / places
    let extents = [places, batch, levels]
    let mask = builder.reshape(isLevel(source, levels), extents)
    let oneHot = builder.select(mask, builder.number(1, extents), builder.number(0, extents))
    return rows(
      builder.dot(bySteps(weights, batch), oneHot, batch: (1, 1), contracting: (2, 0)))
  }

  /// Whether a place of a row's record holds the row's index, `[steps · batch, places]`.
  private mutating func matches(
    source: HLOValue, targets: HLOValue, places: Int
  ) -> HLOValue {
    let batch = source.extents[0] / places
    let extents = [targets.extents[0] / batch, batch, places]
    let held = builder.broadcast(
      builder.reshape(source, [places, batch]), to: extents, axes: [2, 1])
    let wanted = builder.broadcast(
      builder.reshape(targets, [extents[0], batch]), to: extents, axes: [0, 1])
    return builder.reshape(
      builder.compare(held, "EQ", wanted), [targets.extents[0], places])
  }

  /// `[steps · batch, width]` as `[steps, batch, width]`.
  private mutating func bySteps(_ x: HLOValue, _ batch: Int) -> HLOValue {
    builder.reshape(x, [x.extents[0] / batch, batch, x.extents[1]])
  }

  /// `[batch, steps, width]` as `[steps · batch, width]`.
  private mutating func rows(_ x: HLOValue) -> HLOValue {
    builder.reshape(
      builder.transpose(x, [1, 0, 2]), [x.extents[0] * x.extents[1], x.extents[2]])
  }
}
