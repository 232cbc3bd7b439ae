import TensorGraph

/// The discretised logistic likelihood; the formulas stand at the graph's builder.
extension Emission {
  /// Values under their distributions, `[batch, columns]`.
  private struct Bins {
    let upper: HLOValue
    let lower: HLOValue
    let inverse: HLOValue
    /// The bin's extent in scales, and its logarithm.
    let extent: HLOValue
    let logExtent: HLOValue
    let isFlat: HLOValue
    let isLeast: HLOValue
    let isGreatest: HLOValue
  }

  private mutating func bins(_ parameters: HLOValue, _ targets: HLOValue) -> Bins {
    let columns = targets.extents[1]
    let half = DiscretizedLogistic.halfBin
    let least = DiscretizedLogistic.leastLogScale
    let mean = builder.slice(parameters, axis: 1, 0..<columns)
    let given = builder.slice(parameters, axis: 1, columns..<2 * columns)
    let logScale = builder.zip("maximum", given, builder.number(least, given.extents))
    let inverse = builder.exp(builder.negate(logScale))
    let distance = builder.subtract(targets, mean)
    return Bins(
      upper: builder.multiply(builder.add(distance, half), inverse),
      lower: builder.multiply(builder.add(distance, -half), inverse), inverse: inverse,
      extent: builder.scale(inverse, by: 2 * half),
      logExtent: builder.add(builder.negate(logScale), logarithmOfBin),
      isFlat: builder.compare(given, "LT", least),
      isLeast: builder.compare(targets, "LT", half),
      isGreatest: builder.compare(targets, "GT", 1 - half))
  }

  /// log(1/255).
  private var logarithmOfBin: Double { -5.541263545158426 }
  /// Below it, series are exact to float rounding where differences would cancel.
  private var smallExtent: Double { 1e-2 }

  mutating func discretizedLogistic(
    _ parameters: HLOValue, targets: HLOValue, weights: HLOValue
  ) -> HLOValue {
    let bins = bins(parameters, targets)
    let softUpper = builder.softplus(bins.upper)
    let softLower = builder.softplus(bins.lower)
    let atLeast = builder.subtract(bins.upper, softUpper)
    let atGreatest = builder.negate(softLower)
    // log(1 − e^−w), for small w by log w − w/2 + w²/24.
    let square = builder.scale(builder.square(bins.extent), by: 1.0 / 24)
    let series = builder.add(
      builder.add(bins.logExtent, builder.scale(bins.extent, by: -0.5)), square)
    let closed = builder.map(
      "log_plus_one", builder.negate(builder.exp(builder.negate(bins.extent))))
    let inside = builder.select(
      builder.compare(bins.extent, "LT", smallExtent), series, closed)
    let between = builder.subtract(builder.add(atLeast, inside), softLower)
    let terms = builder.select(
      bins.isLeast, atLeast, builder.select(bins.isGreatest, atGreatest, between))
    return builder.sumRows(counted(builder.multiply(weights, terms), weights))
  }

  mutating func discretizedLogisticGradient(
    _ parameters: HLOValue, targets: HLOValue, weights: HLOValue, upstream: HLOValue
  ) -> HLOValue {
    let bins = bins(parameters, targets)
    let above = builder.logistic(builder.negate(bins.upper))
    let below = builder.logistic(bins.lower)
    let upperSlope = builder.multiply(bins.upper, above)
    let lowerSlope = builder.multiply(bins.lower, below)
    // w / (e^w − 1), for small w by 1 − w/2 + w²/12.
    let square = builder.scale(builder.square(bins.extent), by: 1.0 / 12)
    let series = builder.add(
      builder.add(builder.scale(bins.extent, by: -0.5), square), 1)
    let closed = builder.divide(
      bins.extent, builder.map("exponential_minus_one", bins.extent))
    let share = builder.select(
      builder.compare(bins.extent, "LT", smallExtent), series, closed)
    let scaleBetween = builder.subtract(builder.subtract(lowerSlope, upperSlope), share)
    let meanSlope = builder.select(
      bins.isLeast, builder.negate(above),
      builder.select(bins.isGreatest, below, builder.subtract(below, above)))
    let scaleSlope = builder.select(
      bins.isLeast, builder.negate(upperSlope),
      builder.select(bins.isGreatest, lowerSlope, scaleBetween))
    let byMean = builder.multiply(bins.inverse, meanSlope)
    let byScale = builder.select(
      bins.isFlat, builder.number(0, targets.extents), scaleSlope)
    let factor = builder.multiply(weights, builder.acrossColumns(upstream, like: weights))
    return builder.concatenate(
      [
        counted(builder.multiply(factor, byMean), weights),
        counted(builder.multiply(factor, byScale), weights),
      ], axis: 1)
  }

  /// 0 where a weight is 0, whatever stands there.
  mutating func counted(_ x: HLOValue, _ weights: HLOValue) -> HLOValue {
    builder.select(builder.compare(weights, "NE", 0), x, builder.number(0, x.extents))
  }
}
