import Foundation

/// What a boosted learner predicts, with the loss that goes with it.
enum BoostingTarget {
  /// Numbers, by half the squared error; one output, the number.
  case numbers([Double])
  /// Whether something holds, by the logistic loss; one output, the log-odds.
  case flags([Bool])
  /// One of some levels, by the cross-entropy of a softmax; an output for each level.
  case levels([Int32], count: Int)

  var count: Int {
    switch self {
    case .numbers(let numbers): numbers.count
    case .flags(let flags): flags.count
    case .levels(let levels, _): levels.count
    }
  }

  var outputs: Int {
    if case .levels(_, let count) = self { count } else { 1 }
  }

  /// The best constant outputs.
  var constant: [Double] {
    let rows = Double(max(count, 1))
    switch self {
    case .numbers(let numbers): return [numbers.reduce(0, +) / rows]
    case .flags(let flags):
      let share = (Double(flags.count { $0 }) + 0.5) / (rows + 1)
      return [log(share / (1 - share))]
    case .levels(let levels, let count):
      // Half a row for each level, so that none is impossible.
      var counts = [Double](repeating: 0.5, count: count)
      for level in levels { counts[Int(level)] += 1 }
      return counts.map { log($0 / (rows + Double(count) / 2)) }
    }
  }

  /// The loss's first and second derivatives by the outputs at `scores`, both
  /// `[outputs, rows]`.
  func derivatives(at scores: [Double], into derivatives: inout [GradientSum]) {
    switch self {
    case .numbers(let numbers):
      for (row, number) in numbers.enumerated() {
        derivatives[row] = GradientSum(gradient: scores[row] - number, hessian: 1)
      }
    case .flags(let flags):
      for (row, flag) in flags.enumerated() {
        let share = 1 / (1 + exp(-scores[row]))
        derivatives[row] = GradientSum(
          gradient: share - (flag ? 1 : 0), hessian: max(share * (1 - share), 1e-9))
      }
    case .levels(let levels, let count):
      Self.softmaxDerivatives(levels, count, scores, &derivatives)
    }
  }

  /// - Source: Friedman, *Greedy Function Approximation: A Gradient Boosting Machine*, 2001,
  ///   section 4.6, for the factor K / (K − 1) that makes up for the hessian's other entries.
  private static func softmaxDerivatives(
    _ levels: [Int32], _ count: Int, _ scores: [Double], _ derivatives: inout [GradientSum]
  ) {
    let rows = levels.count
    let factor = Double(count) / Double(max(count - 1, 1))
    var shares = [Double](repeating: 0, count: count)
    for (row, level) in levels.enumerated() {
      var highest = -Double.infinity
      for output in 0..<count { highest = max(highest, scores[output * rows + row]) }
      var sum = 0.0
      for output in 0..<count {
        shares[output] = exp(scores[output * rows + row] - highest)
        sum += shares[output]
      }
      for output in 0..<count {
        let share = shares[output] / sum
        derivatives[output * rows + row] = GradientSum(
          gradient: share - (output == Int(level) ? 1 : 0),
          hessian: max(factor * share * (1 - share), 1e-9))
      }
    }
  }
}
