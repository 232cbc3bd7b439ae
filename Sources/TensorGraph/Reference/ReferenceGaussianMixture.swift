/// Mixtures of Gaussians in `Double`; the formulas stand at the graph's builder.
enum ReferenceGaussianMixture {
  /// One value under one mixture.
  private struct Term {
    /// Σ's parts by component: l + log N(x; m, σ²).
    let joint: [Double]
    let logits: [Double]
    /// (x − m)/σ.
    let distances: [Double]
    let inverses: [Double]
    let isFlat: [Bool]

    init(logits: [Double], means: [Double], logDeviations: [Double], target: Double) {
      let least = GaussianMixture.leastLogDeviation
      self.logits = logits
      isFlat = logDeviations.map { $0 < least }
      let logs = logDeviations.map { max($0, least) }
      let inverses = logs.map { exponential(-$0) }
      let distances = zip(means, inverses).map { (target - $0) * $1 }
      joint = logits.indices.map { index in
        logits[index] - 0.5 * distances[index] * distances[index] - logs[index]
          - 0.9189385332046727
      }
      self.inverses = inverses
      self.distances = distances
    }

    private var logSums: (joint: Double, logits: Double) {
      (ReferenceReduction.logSumExp(joint[...]), ReferenceReduction.logSumExp(logits[...]))
    }

    var logDensity: Double { logSums.joint - logSums.logits }

    /// By logit, mean and log deviation of each component.
    var slopes: [(logit: Double, mean: Double, logDeviation: Double)] {
      let (whole, all) = logSums
      return joint.indices.map { index in
        let share = exponential(joint[index] - whole)
        let distance = distances[index]
        return (
          share - exponential(logits[index] - all), share * distance * inverses[index],
          isFlat[index] ? 0 : share * (distance * distance - 1)
        )
      }
    }
  }

  static func logLikelihood(_ parameters: Tensor, targets: Tensor, weights: Tensor) -> Tensor {
    let columns = targets.shape.columns
    var result = Tensor([targets.shape.rows], repeating: 0)
    for (index, target) in targets.values.enumerated() where weights.values[index] != 0 {
      let term = term(parameters, index / columns, index % columns, columns, target)
      result.values[index / columns] += weights.values[index] * term.logDensity
    }
    return result
  }

  static func gradient(
    _ parameters: Tensor, targets: Tensor, weights: Tensor, upstream: Tensor
  ) -> Tensor {
    let columns = targets.shape.columns
    let part = parameters.shape.columns / 3
    let components = part / columns
    var result = Tensor(parameters.shape, repeating: 0)
    for (index, target) in targets.values.enumerated() where weights.values[index] != 0 {
      let (row, column) = (index / columns, index % columns)
      let factor = weights.values[index] * upstream.values[row]
      let slopes = term(parameters, row, column, columns, target).slopes
      for (component, slope) in slopes.enumerated() {
        let place = row * 3 * part + column * components + component
        result.values[place] = factor * slope.logit
        result.values[place + part] = factor * slope.mean
        result.values[place + 2 * part] = factor * slope.logDeviation
      }
    }
    return result
  }

  private static func term(
    _ parameters: Tensor, _ row: Int, _ column: Int, _ columns: Int, _ target: Double
  ) -> Term {
    let part = parameters.shape.columns / 3
    let components = part / columns
    let start = row * 3 * part + column * components
    func values(_ place: Int) -> [Double] {
      Array(parameters.values[start + place * part..<start + place * part + components])
    }
    return Term(
      logits: values(0), means: values(1), logDeviations: values(2), target: target)
  }
}
