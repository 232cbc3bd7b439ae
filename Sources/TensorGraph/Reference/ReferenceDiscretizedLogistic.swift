/// The discretised logistic likelihood in `Double`; the formulas stand at the graph's builder.
enum ReferenceDiscretizedLogistic {
  /// One value under one distribution.
  private struct Term {
    let upper: Double
    let lower: Double
    let inverse: Double
    let isFlat: Bool
    let target: Double

    init(mean: Double, logScale: Double, target: Double) {
      isFlat = logScale < DiscretizedLogistic.leastLogScale
      inverse = exponential(-max(logScale, DiscretizedLogistic.leastLogScale))
      upper = (target - mean + DiscretizedLogistic.halfBin) * inverse
      lower = (target - mean - DiscretizedLogistic.halfBin) * inverse
      self.target = target
    }

    private var isLeast: Bool { target < DiscretizedLogistic.halfBin }
    private var isGreatest: Bool { target > 1 - DiscretizedLogistic.halfBin }
    /// The bin's extent in scales.
    private var extent: Double { 2 * DiscretizedLogistic.halfBin * inverse }

    var logProbability: Double {
      if isLeast { return upper - softplus(upper) }
      if isGreatest { return -softplus(lower) }
      let inside = logarithmOfOnePlus(-exponential(-extent))
      return upper + inside - softplus(upper) - softplus(lower)
    }

    /// By mean and log scale.
    var slopes: (mean: Double, logScale: Double) {
      let above = logistic(-upper)
      let below = logistic(lower)
      let byMean: Double
      let byScale: Double
      if isLeast {
        (byMean, byScale) = (-inverse * above, -upper * above)
      } else if isGreatest {
        (byMean, byScale) = (inverse * below, lower * below)
      } else {
        byMean = -inverse * (above - below)
        byScale = -upper * above + lower * below - extent / (exponential(extent) - 1)
      }
      return (byMean, isFlat ? 0 : byScale)
    }
  }

  static func logLikelihood(_ parameters: Tensor, targets: Tensor, weights: Tensor) -> Tensor {
    let columns = targets.shape.columns
    var result = Tensor([targets.shape.rows], repeating: 0)
    for (index, target) in targets.values.enumerated() where weights.values[index] != 0 {
      let (row, column) = (index / columns, index % columns)
      let term = term(parameters, row, column, columns, target)
      result.values[row] += weights.values[index] * term.logProbability
    }
    return result
  }

  static func gradient(
    _ parameters: Tensor, targets: Tensor, weights: Tensor, upstream: Tensor
  ) -> Tensor {
    let columns = targets.shape.columns
    var result = Tensor(parameters.shape, repeating: 0)
    for (index, target) in targets.values.enumerated() where weights.values[index] != 0 {
      let (row, column) = (index / columns, index % columns)
      let slopes = term(parameters, row, column, columns, target).slopes
      let factor = weights.values[index] * upstream.values[row]
      result.values[2 * row * columns + column] = factor * slopes.mean
      result.values[(2 * row + 1) * columns + column] = factor * slopes.logScale
    }
    return result
  }

  private static func term(
    _ parameters: Tensor, _ row: Int, _ column: Int, _ columns: Int, _ target: Double
  ) -> Term {
    Term(
      mean: parameters.values[2 * row * columns + column],
      logScale: parameters.values[(2 * row + 1) * columns + column], target: target)
  }
}
