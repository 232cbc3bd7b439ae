import RecordTypes
import TensorGraph

/// Whether what is learned from synthetic rows holds for real ones.
extension FidelityRows {
  /// The most levels of a category that is predicted by default.
  private static let mostLevels = 20

  /// The scores of every target's tasks.
  func utility() throws(FidelityFailure) -> [FidelityReport.Utility] {
    let tasks = try targets().flatMap { target in
      measures(target).map { UtilityTask(target: target, measure: $0) }
    }
    // Two learners for each task.
    let scores = Parallel.map(2 * tasks.count) { index in
      score(tasks[index / 2], onSynthetic: index % 2 == 0)
    }
    return tasks.enumerated().map { index, task in
      FidelityReport.Utility(
        target: train.schema.fields[task.target].name, measure: task.measure,
        trainedOnSynthetic: scores[2 * index], trainedOnReal: scores[2 * index + 1])
    }
  }

  /// Nil where too few synthetic rows know the target, and where there are no training rows.
  private func score(_ task: UtilityTask, onSynthetic: Bool) -> Double? {
    let real = task.usable(train)
    let made = task.usable(synthetic)
    let isEnough = made.count >= FidelityFailure.fewestRows
    let counts = [train.count > 0 ? real.count : nil, isEnough ? made.count : nil]
    let count = min(counts.compactMap(\.self).min() ?? 0, settings.mostRows)
    let test = task.usable(heldOut).sample(
      settings.mostRows, "utility test", seed: settings.seed)
    if onSynthetic {
      guard isEnough else { return nil }
      return task.score(
        train: made.sample(count, "utility synthetic", seed: settings.seed), test: test)
    }
    guard train.count > 0 else { return nil }
    return task.score(
      train: real.sample(count, "utility training", seed: settings.seed), test: test)
  }

  /// The real rows of each kind that there is.
  private var known: [(part: String, rows: Records)] {
    train.count > 0 ? [("training", train), ("held-out", heldOut)] : [("real", heldOut)]
  }

  /// The columns to predict.
  private func targets() throws(FidelityFailure) -> [Int] {
    let fields = train.schema.fields
    if let target = settings.target {
      guard let index = fields.firstIndex(where: { $0.name == target }) else {
        throw .unknownTarget(target, columns: fields.map(\.name))
      }
      for (part, rows) in known where !Self.varies(rows.columns[index]) {
        throw .constantTarget(target, part: part)
      }
      return [index]
    }
    let usable = fields.indices.filter { index in
      known.allSatisfy { Self.varies($0.rows.columns[index]) }
    }
    let number = usable.last { !fields[$0].isCategory }
    let category = usable.first { index in
      fields[index].isCategory
        && (2...Self.mostLevels).contains(Set(known[0].rows.columns[index].knownLevels).count)
    }
    return [number, category].compactMap(\.self)
  }

  private func measures(_ target: Int) -> [UtilityMeasure] {
    guard !train.schema.fields[target].isCategory else { return [.balancedAccuracy] }
    let isPositive = known.allSatisfy { part in
      part.rows.columns[target].knownNumbers.allSatisfy { $0 > 0 }
    }
    return isPositive ? [.determination, .determinationOfLogarithm] : [.determination]
  }

  private static func varies(_ column: RecordColumn) -> Bool {
    let (levels, numbers) = (column.knownLevels, column.knownNumbers)
    return levels.contains { $0 != levels[0] } || numbers.contains { $0 != numbers[0] }
  }
}
