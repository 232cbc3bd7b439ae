/// The best way to divide a leaf's rows by one column's bins.
struct TreeSplit {
  /// The column.
  var feature: Int
  /// The bins whose rows go left.
  var left: BinSet
  /// Twice what the loss falls by.
  var gain: Double
}

/// Looks for splits in histograms of derivatives.
struct SplitSearch {
  let bins: FeatureBins
  /// Where each column's bins begin in a histogram, and at last where they end.
  let starts: [Int]
  let settings: BoostingSettings

  init(_ bins: FeatureBins, _ settings: BoostingSettings) {
    self.bins = bins
    self.settings = settings
    starts = bins.counts.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) }
  }

  /// The best split of a leaf with this histogram and `rows` rows; nil where none gains anything.
  func best(
    in histogram: UnsafeMutableBufferPointer<GradientSum>, total: GradientSum, rows: Int
  ) -> TreeSplit? {
    // What the rows of a leaf weigh: hessians stand for rows, which aren't counted by bin.
    let least = settings.leastRows * total.hessian / Double(max(rows, 1))
    guard total.hessian >= 2 * least else { return nil }
    var best: TreeSplit?
    for feature in bins.counts.indices {
      let sums = UnsafeMutableBufferPointer(
        rebasing: histogram[starts[feature]..<starts[feature + 1]])
      let isLevels = bins.areLevels[feature]
      let order = isLevels ? levelOrder(sums, total) : Array(sums.indices)
      let penalty = settings.penalty + (isLevels ? settings.levelPenalty : 0)
      guard
        let (end, gain) = bestEnd(sums, order, total: total, least: least, penalty: penalty),
        gain > (best?.gain ?? 1e-9 * total.hessian)
      else { continue }
      var left = BinSet()
      for bin in order[...end] { left.insert(bin) }
      best = TreeSplit(feature: feature, left: left, gain: gain)
    }
    return best
  }

  /// The bins of levels that occur, by the mean of their rows' gradients: for a convex loss the best
  /// division is one of this order.
  ///
  /// - Source: Fisher, *On Grouping for Maximum Homogeneity*, 1958.
  private func levelOrder(
    _ sums: UnsafeMutableBufferPointer<GradientSum>, _ total: GradientSum
  ) -> [Int] {
    let smoothing = settings.levelSmoothing
    let prior = total.gradient / total.hessian * smoothing
    var means = [Double](repeating: 0, count: sums.count)
    for bin in sums.indices {
      means[bin] = (sums[bin].gradient + prior) / (sums[bin].hessian + smoothing)
    }
    return sums.indices.filter { sums[$0].hessian > 1e-9 }
      .sorted { means[$0] != means[$1] ? means[$0] < means[$1] : $0 < $1 }
  }

  /// The position in `order` of the last bin to go left, and the gain; missing numbers, bin 0, go
  /// left with the lowest or alone.
  private func bestEnd(
    _ sums: UnsafeMutableBufferPointer<GradientSum>, _ order: [Int], total: GradientSum,
    least: Double, penalty: Double
  ) -> (end: Int, gain: Double)? {
    let whole = total.gain(penalty: settings.penalty)
    var best: (end: Int, gain: Double)?
    var left = GradientSum()
    for (end, bin) in order.dropLast().enumerated() {
      left += sums[bin]
      guard left.hessian >= least else { continue }
      let right = total - left
      if right.hessian < least { break }
      let gain = left.gain(penalty: penalty) + right.gain(penalty: penalty) - whole
      if gain > (best?.gain ?? 0) { best = (end, gain) }
    }
    return best
  }
}
