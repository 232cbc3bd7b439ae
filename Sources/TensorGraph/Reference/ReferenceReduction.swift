/// Sums, and operations over the last axis, in `Double`.
enum ReferenceReduction {
  static func sum(_ x: Tensor, axes: [Int], to target: Shape) -> Tensor {
    var kept = target.strides[...]
    let strides = (0..<x.shape.rank).map { axes.contains($0) ? 0 : kept.removeFirst() }
    var result = Tensor(target, repeating: 0)
    for (offset, value) in zip(x.shape.offsets(strides: strides), x.values) {
      result.values[offset] += value
    }
    return result
  }

  static func maximum(_ x: Tensor) -> Tensor { x.reduceRows(largest) }

  static func softmax(_ x: Tensor) -> Tensor {
    x.mapRows { row in
      let top = largest(row)
      let weights = row.map { exponential($0 - top) }
      let total = weights.reduce(0, +)
      return weights.map { $0 / total }
    }
  }

  static func logSoftmax(_ x: Tensor) -> Tensor {
    x.mapRows { row in
      let total = logSumExp(row)
      return row.map { $0 - total }
    }
  }

  /// log Σ exp(x), with the largest element taken out so that nothing overflows.
  static func logSumExp(_ row: ArraySlice<Double>) -> Double {
    let top = largest(row)
    return top + logarithm(row.reduce(0) { $0 + exponential($1 - top) })
  }

  static func normalizeRows(_ x: Tensor, epsilon: Double) -> Tensor {
    x.mapRows { row in
      let (mean, deviation) = moments(row, epsilon: epsilon)
      return row.map { ($0 - mean) / deviation }
    }
  }

  /// With n = (x − mean)/σ: (upstream − mean(upstream) − n · mean(n · upstream))/σ.
  static func normalizeRowsGradient(
    _ x: Tensor, _ upstream: Tensor, epsilon: Double
  ) -> Tensor {
    let rows = zip(x.rowSlices, upstream.rowSlices).map { row, upstream -> [Double] in
      let (mean, deviation) = moments(row, epsilon: epsilon)
      let normal = row.map { ($0 - mean) / deviation }
      let count = Double(row.count)
      let meanUpstream = upstream.reduce(0, +) / count
      let along = zip(normal, upstream).reduce(0) { $0 + $1.0 * $1.1 } / count
      return zip(normal, upstream).map { ($1 - meanUpstream - $0 * along) / deviation }
    }
    return Tensor(x.shape, rows.flatMap { $0 })
  }

  private static func moments(
    _ row: ArraySlice<Double>, epsilon: Double
  ) -> (mean: Double, deviation: Double) {
    let count = Double(row.count)
    let mean = row.reduce(0, +) / count
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return (mean, (variance + epsilon).squareRoot())
  }

  private static func largest(_ row: ArraySlice<Double>) -> Double {
    row.reduce(-Double.infinity) { $0.isNaN || $0 > $1 ? $0 : $1 }
  }
}
