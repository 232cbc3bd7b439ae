import RecordTypes
import TensorGraph

/// How well a boosted learner tells synthetic rows from real ones.
extension FidelityRows {
  /// Every part is judged by a learner of the others.
  private static let folds = 3

  /// The mean over the parts of the area under the curve.
  func detectionAUC() -> Double {
    let count = min(train.count + heldOut.count, synthetic.count, settings.mostRows)
    let seed = settings.seed
    let fresh = heldOut.sample(count, "detection held-out", seed: seed)
    let rest = train.sample(count - fresh.count, "detection training", seed: seed)
    let real = Records.joining([fresh, rest])
    let made = synthetic.sample(count, "detection synthetic", seed: seed)
    let areas = Parallel.map(Self.folds) { fold in
      let inFold = (0..<count).filter { $0 % Self.folds == fold }
      let others = (0..<count).filter { $0 % Self.folds != fold }
      let learner = BoostedTrees(
        .joining([made.selecting(others), real.selecting(others)]),
        target: .flags((0..<2 * others.count).map { $0 < others.count }))
      return Self.areaUnderCurve(
        learner.outputs(made.selecting(inFold)), learner.outputs(real.selecting(inFold)))
    }
    return areas.reduce(0, +) / Double(Self.folds)
  }

  /// The share of pairs in which the positive has the higher score, equal scores counting half: the
  /// statistic of Mann and Whitney over the number of pairs.
  static func areaUnderCurve(_ positives: [Double], _ negatives: [Double]) -> Double {
    let scores =
      (positives.map { (score: $0, isPositive: true) }
      + negatives.map { (score: $0, isPositive: false) }).sorted { $0.score < $1.score }
    var (wins, below) = (0.0, 0.0)
    var start = 0
    while start < scores.count {
      var end = start
      var (up, down) = (0.0, 0.0)
      while end < scores.count, scores[end].score == scores[start].score {
        if scores[end].isPositive { up += 1 } else { down += 1 }
        end += 1
      }
      wins += up * (below + down / 2)
      below += down
      start = end
    }
    let pairs = Double(positives.count) * Double(negatives.count)
    return pairs > 0 ? wins / pairs : 0.5
  }
}
