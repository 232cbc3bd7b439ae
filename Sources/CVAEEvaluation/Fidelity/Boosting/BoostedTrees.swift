import RecordTypes

/// A sum of regression trees, each of which fits what the ones before it leave of a loss.
///
/// Splits are found in histograms: numbers fall into at most 255 bins of about equally many rows, each
/// level has a bin, and so have missing values. The same rows give the same trees.
///
/// - Source: Friedman, *Greedy Function Approximation: A Gradient Boosting Machine*, 2001; Chen and
///   Guestrin, *XGBoost: A Scalable Tree Boosting System*, 2016, for splits by both derivatives.
struct BoostedTrees {
  private let bins: FeatureBins
  private let constant: [Double]
  /// Round by round, a tree for each output.
  private let trees: [[RegressionTree]]

  /// Learns to predict `target` from `features`, which have as many rows.
  init(_ features: Records, target: BoostingTarget, settings: BoostingSettings = .init()) {
    let bins = FeatureBins(features)
    let rows = bins.rows(features)
    let count = target.count
    precondition(rows.count == count, "Features and target differ in length.")
    let constant = target.constant
    var scores = constant.flatMap { [Double](repeating: $0, count: count) }
    var derivatives = [GradientSum](repeating: GradientSum(), count: scores.count)
    var grower = TreeGrower(rows, bins: bins, settings: settings)
    var trees: [[RegressionTree]] = []
    for _ in 0..<(features.columns.isEmpty ? 0 : settings.rounds) {
      target.derivatives(at: scores, into: &derivatives)
      trees.append(
        derivatives.withUnsafeBufferPointer { derivatives in
          scores.withUnsafeMutableBufferPointer { scores in
            (0..<target.outputs).map { output in
              let part = output * count..<(output + 1) * count
              return grower.grow(
                UnsafeBufferPointer(rebasing: derivatives[part]),
                scores: UnsafeMutableBufferPointer(rebasing: scores[part]))
            }
          }
        })
    }
    self.bins = bins
    self.constant = constant
    self.trees = trees
  }

  /// The outputs for other rows with the same columns, `[rows, outputs]`.
  func outputs(_ features: Records) -> [Double] {
    let rows = bins.rows(features)
    let width = constant.count
    var outputs = (0..<rows.count).flatMap { _ in constant }
    rows.values.withUnsafeBufferPointer { values in
      guard let first = values.baseAddress else { return }
      for row in 0..<rows.count {
        for round in trees {
          for (output, tree) in round.enumerated() {
            outputs[row * width + output] += tree.value(first + row * rows.width)
          }
        }
      }
    }
    return outputs
  }
}
