import TensorGraph

/// Mixtures of Gaussians; the formulas stand at the graph's builder. Parts are `[batch, columns, components]`.
extension Emission {
  private struct Mixture {
    let logits: HLOValue
    /// l + log N(x; m, σ²).
    let joint: HLOValue
    /// (x − m)/σ.
    let distance: HLOValue
    let inverse: HLOValue
    let isFlat: HLOValue
  }

  /// The parameters' third parts.
  mutating func mixtureParts(_ parameters: HLOValue, columns: Int) -> [HLOValue] {
    let part = parameters.extents[1] / 3
    return (0..<3).map { place in
      let slice = builder.slice(parameters, axis: 1, place * part..<(place + 1) * part)
      return builder.reshape(slice, [parameters.extents[0], columns, part / columns])
    }
  }

  private mutating func mixture(_ parameters: HLOValue, _ targets: HLOValue) -> Mixture {
    let parts = mixtureParts(parameters, columns: targets.extents[1])
    let least = GaussianMixture.leastLogDeviation
    let extents = parts[0].extents
    let logDeviation = builder.zip("maximum", parts[2], builder.number(least, extents))
    let inverse = builder.exp(builder.negate(logDeviation))
    let target = builder.broadcast(targets, to: extents, axes: [0, 1])
    let distance = builder.multiply(builder.subtract(target, parts[1]), inverse)
    let density = builder.subtract(
      builder.scale(builder.square(distance), by: -0.5),
      builder.add(logDeviation, 0.9189385332046727))
    return Mixture(
      logits: parts[0], joint: builder.add(parts[0], density), distance: distance,
      inverse: inverse, isFlat: builder.compare(parts[2], "LT", least))
  }

  mutating func gaussianMixture(
    _ parameters: HLOValue, targets: HLOValue, weights: HLOValue
  ) -> HLOValue {
    let mixture = mixture(parameters, targets)
    let density = builder.subtract(logSumExp(mixture.joint), logSumExp(mixture.logits))
    return builder.sumRows(counted(builder.multiply(weights, density), weights))
  }

  mutating func gaussianMixtureGradient(
    _ parameters: HLOValue, targets: HLOValue, weights: HLOValue, upstream: HLOValue
  ) -> HLOValue {
    let mixture = mixture(parameters, targets)
    let extents = mixture.joint.extents
    let share = softmax(mixture.joint)
    let byLogit = builder.subtract(share, softmax(mixture.logits))
    let byMean = builder.multiply(
      builder.multiply(share, mixture.distance), mixture.inverse)
    let excess = builder.add(builder.square(mixture.distance), -1)
    let byDeviation = builder.select(
      mixture.isFlat, builder.number(0, extents), builder.multiply(share, excess))
    let factor = builder.multiply(weights, builder.acrossColumns(upstream, like: weights))
    let stretched = builder.acrossColumns(factor, like: mixture.joint)
    let isCounted = builder.acrossColumns(
      builder.compare(weights, "NE", 0), like: mixture.joint)
    let zero = builder.number(0, extents)
    let part = [extents[0], extents[1] * extents[2]]
    let parts = [byLogit, byMean, byDeviation].map { slope in
      builder.reshape(
        builder.select(isCounted, builder.multiply(slope, stretched), zero), part)
    }
    return builder.concatenate(parts, axis: 1)
  }
}
