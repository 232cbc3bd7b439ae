/// Likelihoods and the divergence in `Double`; the formulas stand at the graph's builders.
enum ReferenceLikelihoods {
  static func bernoulli(_ logits: Tensor, targets: Tensor) -> Tensor {
    logits.zip(targets) { $1 * $0 - softplus($0) }.reduceRows { $0.reduce(0, +) }
  }

  static func bernoulliGradient(_ logits: Tensor, targets: Tensor, upstream: Tensor) -> Tensor {
    scaleRows(logits.zip(targets) { $1 - logistic($0) }, by: upstream)
  }

  static func gaussian(_ mean: Tensor, logDeviation: Tensor, targets: Tensor) -> Tensor {
    let deviation = exponential(logDeviation.values[0])
    let logNormalizer = logDeviation.values[0] + 0.5 * logarithm(2 * Double.pi)
    return mean.zip(targets) { mean, target in
      let score = (target - mean) / deviation
      return -0.5 * score * score - logNormalizer
    }.reduceRows { $0.reduce(0, +) }
  }

  static func categorical(_ logits: Tensor, _ indices: [Int32]) -> Tensor {
    let values = zip(ReferenceReduction.logSoftmax(logits).rowSlices, indices).map { row, index in
      index == row.count ? 0 : row[row.startIndex + ReferenceEmbedding.row(index, of: row.count)]
    }
    return Tensor([indices.count], values)
  }

  static func categoricalGradient(
    _ logits: Tensor, _ indices: [Int32], upstream: Tensor
  ) -> Tensor {
    let levels = logits.shape.columns
    var slope = ReferenceReduction.softmax(logits).map { -$0 }
    for (row, index) in indices.enumerated() {
      guard index != levels else {
        for level in 0..<levels { slope.values[row * levels + level] = 0 }
        continue
      }
      slope.values[row * levels + ReferenceEmbedding.row(index, of: levels)] += 1
    }
    return scaleRows(slope, by: upstream)
  }

  /// ½ (eʳ − 1 − r + (μq − μp)² / σp²) with r = log σq² − log σp².
  static func divergence(
    meanQ: Tensor, logVarianceQ: Tensor, meanP: Tensor, logVarianceP: Tensor
  ) -> Tensor {
    let distance = meanQ.zip(meanP) { $0 - $1 }
    let spread = distance.zip(logVarianceP) { $0 * $0 * exponential(-$1) }
    let excess = logVarianceQ.zip(logVarianceP) { q, p in exponential(q - p) - 1 - (q - p) }
    return excess.zip(spread) { 0.5 * ($0 + $1) }
  }

  private static func scaleRows(_ rows: Tensor, by factors: Tensor) -> Tensor {
    let scaled = zip(rows.rowSlices, factors.values).map { row, factor in row.map { $0 * factor } }
    return Tensor(rows.shape, scaled.flatMap { $0 })
  }
}
