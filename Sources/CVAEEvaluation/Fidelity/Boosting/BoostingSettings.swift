/// How a boosted learner grows its trees.
struct BoostingSettings {
  /// Trees for each output.
  var rounds = 100
  /// Leaves of a tree, at most.
  var leaves = 31
  /// The learning rate: the share of each tree's answer that is added.
  var shrinkage = 0.1
  /// About so many rows in each leaf, at least.
  var leastRows = 20.0
  /// Added to the hessian of every leaf (λ).
  var penalty = 1.0
  /// Added further where levels are divided into two groups, which can fit more than a threshold.
  var levelPenalty = 10.0
  /// Added to the hessian of a level, of a mean one, where levels are put in order.
  var levelSmoothing = 10.0
}
