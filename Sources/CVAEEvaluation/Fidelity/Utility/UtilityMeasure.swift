import Foundation
import RecordTypes

/// How well a column can be predicted from all others.
public enum UtilityMeasure: String, Hashable, Sendable, Encodable {
  /// 1 − Σ (x − x̂)² / Σ (x − x̄)²: 1 for perfect predictions, 0 for those of a constant.
  case determination = "R2"
  /// The same of the number's logarithm, which is also what is learned.
  case determinationOfLogarithm = "R2 of logarithm"
  /// The mean of the levels' shares of rows that are predicted as they are: 1 for perfect
  /// predictions, 1 over the number of levels for those of a constant.
  case balancedAccuracy = "balanced accuracy"
}

/// A column that is predicted from all others, and how that is judged.
struct UtilityTask {
  let target: Int
  let measure: UtilityMeasure

  /// Where the target is known, and has a logarithm if one is needed.
  func usable(_ rows: Records) -> Records {
    let column = rows.columns[target]
    let known = (0..<rows.count).filter { column.isKnown($0) }
    guard measure == .determinationOfLogarithm else { return rows.selecting(known) }
    let numbers = column.numbers
    return rows.selecting(known.filter { numbers[$0] > 0 })
  }

  /// What a learner that has seen `train` scores on `test`, both of them usable rows.
  func score(train: Records, test: Records) -> Double {
    let (known, actual) = (train.columns[target], test.columns[target])
    guard !known.holdsLevels else {
      return Self.balancedAccuracy(
        predictedLevels(known.levels, train: train, test: test), actual.levels)
    }
    let learner = BoostedTrees(
      train.without(target), target: .numbers(known.numbers.map(transformed)))
    return Self.determination(
      learner.outputs(test.without(target)), actual.numbers.map(transformed))
  }

  private func transformed(_ number: Double) -> Double {
    measure == .determinationOfLogarithm ? log(number) : number
  }

  /// Trees of a learner of levels, all levels together, about.
  private static let treesForLevels = 600

  private func predictedLevels(_ levels: [Int32], train: Records, test: Records) -> [Int32] {
    let seen = Set(levels).sorted()
    guard seen.count > 1 else {
      return seen.flatMap { [Int32](repeating: $0, count: test.count) }
    }
    var settings = BoostingSettings()
    let target: BoostingTarget
    if seen.count == 2 {
      target = .flags(levels.map { $0 == seen[1] })
    } else {
      settings.rounds = max(10, min(settings.rounds, Self.treesForLevels / seen.count))
      let places = Dictionary(uniqueKeysWithValues: zip(seen, Int32(0)...))
      target = .levels(levels.map { places[$0] ?? 0 }, count: seen.count)
    }
    let learner = BoostedTrees(train.without(self.target), target: target, settings: settings)
    let outputs = learner.outputs(test.without(self.target))
    if seen.count == 2 { return outputs.map { $0 > 0 ? seen[1] : seen[0] } }
    return (0..<test.count).map { row in
      let own = outputs[row * seen.count..<(row + 1) * seen.count]
      let best = own.indices.max { own[$0] < own[$1] } ?? own.startIndex
      return seen[best - own.startIndex]
    }
  }

  /// R² of predictions; 0 where the actual numbers don't vary.
  static func determination(_ predicted: [Double], _ actual: [Double]) -> Double {
    let mean = actual.reduce(0, +) / Double(max(actual.count, 1))
    var (errors, squares) = (0.0, 0.0)
    for (guess, number) in zip(predicted, actual) {
      errors += (number - guess) * (number - guess)
      squares += (number - mean) * (number - mean)
    }
    return squares > 0 ? 1 - errors / squares : 0
  }

  /// The mean over the levels that occur of the share of their rows that are predicted right.
  static func balancedAccuracy(_ predicted: [Int32], _ actual: [Int32]) -> Double {
    var right: [Int32: Double] = [:]
    var counts: [Int32: Double] = [:]
    for (guess, level) in zip(predicted, actual) {
      counts[level, default: 0] += 1
      right[level, default: 0] += guess == level ? 1 : 0
    }
    let shares = counts.keys.sorted().map { (right[$0] ?? 0) / (counts[$0] ?? 1) }
    return shares.reduce(0, +) / Double(max(shares.count, 1))
  }
}
