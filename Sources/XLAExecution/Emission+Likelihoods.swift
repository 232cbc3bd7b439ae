import TensorGraph

/// Likelihoods and the divergence; the formulas stand at the graph's builders.
extension Emission {
  mutating func bernoulliLogLikelihood(_ logits: HLOValue, _ targets: HLOValue) -> HLOValue {
    let terms = builder.subtract(
      builder.multiply(targets, logits), builder.softplus(logits))
    return builder.sumRows(terms)
  }

  mutating func bernoulliLogLikelihoodGradient(
    _ logits: HLOValue, _ targets: HLOValue, upstream: HLOValue
  ) -> HLOValue {
    builder.multiply(
      builder.subtract(targets, builder.logistic(logits)),
      builder.acrossColumns(upstream, like: logits))
  }

  mutating func gaussianLogLikelihood(
    _ mean: HLOValue, _ logDeviation: HLOValue, _ targets: HLOValue
  ) -> HLOValue {
    let inverse = builder.exp(builder.negate(logDeviation))
    let score = builder.multiply(
      builder.subtract(targets, mean), builder.stretch(inverse, to: mean.extents))
    let normalizer = builder.add(logDeviation, 0.9189385332046727)
    let terms = builder.subtract(
      builder.scale(builder.square(score), by: -0.5),
      builder.stretch(normalizer, to: mean.extents))
    return builder.sumRows(terms)
  }

  /// 0 for the index one past the last level.
  mutating func categoricalLogLikelihood(_ logits: HLOValue, _ indices: HLOValue) -> HLOValue {
    let mask = isLevel(indices, logits.extents[1])
    return builder.sumRows(
      builder.select(mask, logSoftmax(logits), builder.number(0, logits.extents)))
  }

  mutating func categoricalLogLikelihoodGradient(
    _ logits: HLOValue, _ indices: HLOValue, upstream: HLOValue
  ) -> HLOValue {
    let extents = logits.extents
    let zero = builder.number(0, extents)
    let oneHot = builder.select(
      isLevel(indices, extents[1]), builder.number(1, extents), zero)
    let slope = builder.multiply(
      builder.subtract(oneHot, softmax(logits)), builder.acrossColumns(upstream, like: logits))
    let counts = builder.compare(indices, "LT", builder.whole(extents[1], indices.extents))
    return builder.select(builder.acrossColumns(counts, like: logits), slope, zero)
  }

  /// ½ (eʳ − 1 − r + (μq − μp)²/σp²) with r = log σq² − log σp².
  mutating func gaussianDivergence(_ x: [HLOValue]) -> HLOValue {
    let ratio = builder.subtract(x[1], x[3])
    let excess = builder.subtract(builder.map("exponential_minus_one", ratio), ratio)
    let distance = builder.square(builder.subtract(x[0], x[2]))
    let spread = builder.multiply(distance, builder.exp(builder.negate(x[3])))
    return builder.scale(builder.add(excess, spread), by: 0.5)
  }
}
