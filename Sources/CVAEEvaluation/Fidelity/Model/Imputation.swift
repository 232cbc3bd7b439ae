import CVAEGeneration
import ConditionalData
import RecordTypes
import TensorGraph

/// How near filled cells come to the values that were removed from held-out rows.
///
/// A fifth of the known cells is removed at random, each is filled 20 times, and of the answers the mean of
/// numbers and the most frequent level are taken. Beside it stand the mean or most frequent level of the
/// training rows, and the mean or vote of the five nearest of them by the cells that both know.
///
/// - Source: Troyanskaya et al., *Missing Value Estimation Methods for DNA Microarrays*, 2001, for nearest
///   neighbours.
public struct Imputation: Hashable, Sendable, Encodable {
  /// A figure for the model and for simpler methods.
  public struct Comparison: Hashable, Sendable, Encodable {
    /// For the model's answers.
    public let model: Double
    /// For the column's mean or most frequent level.
    public let average: Double
    /// For the five nearest training rows.
    public let neighbours: Double
  }

  /// Rows from which cells were removed.
  public let rows: Int
  /// The share of cells that were removed.
  public let share: Double
  /// Answers for each cell.
  public let samples: Int
  /// The root mean square error over the column's standard deviation, mean over columns of numbers; nil
  /// for none.
  public let numberError: Comparison?
  /// The share of right levels, mean over categories; nil for none.
  public let categoryAccuracy: Comparison?

  private static let mostRows = 2000
  static let removed = 0.2
  private static let answers = 20

  init(
    _ synthetic: SyntheticRows, real: DataSet, train: [Int], heldOut: [Int],
    settings: FidelitySettings
  ) throws {
    let all = real.records.compared
    let order = RandomPosition(seed: settings.seed, step: 0)
      .permutation(RandomPurpose("fidelity imputation rows"), count: heldOut.count)
    let truth = all.selecting(order.prefix(Self.mostRows).map { heldOut[Int($0)] })
    let holed = truth.withHoles(share: Self.removed, seed: settings.seed)
    let draws = try (0..<Self.answers).map { sample in
      try synthetic.drawn(
        Conditions(holed), seed: settings.seed, sample: sample, leavesHoles: false
      ).records
    }
    let known = all.selecting(train)
    let near = NearestFilling(
      known.sample(settings.mostRows, "imputation neighbours", seed: settings.seed)
    ).filled(holed)
    var (errors, accuracies): ([[Double]], [[Double]]) = ([], [])
    for (index, field) in truth.schema.fields.enumerated() {
      let column = FilledColumn(
        truth: truth.columns[index], known: known.columns[index], holed: holed.columns[index])
      guard !column.rows.isEmpty else { continue }
      let scores = [
        column.score(draws.compactMap { $0[field.name] }), column.averageScore,
        column.score([near.columns[index]]),
      ]
      if field.isCategory { accuracies.append(scores) } else { errors.append(scores) }
    }
    rows = truth.count
    share = Self.removed
    samples = Self.answers
    numberError = Self.mean(errors)
    categoryAccuracy = Self.mean(accuracies)
  }

  private static func mean(_ scores: [[Double]]) -> Comparison? {
    guard !scores.isEmpty else { return nil }
    let means = (0..<3).map { place in
      scores.reduce(0) { $0 + $1[place] } / Double(scores.count)
    }
    return Comparison(model: means[0], average: means[1], neighbours: means[2])
  }

  /// For people.
  var table: ResultTable {
    func line(_ name: String, _ figures: Comparison?, _ meaning: String) -> ResultTable.Line? {
      figures.map {
        ResultTable.Line(
          name, [$0.model, $0.average, $0.neighbours].map { $0.text(3) }, depth: 1,
          meaning: meaning)
      }
    }
    return ResultTable(
      "how well missing cells are filled", heading: "filling \(Int(100 * share)) % of cells",
      columns: ["model", "average", "neighbours"],
      lines: [
        line(
          "error of numbers, in deviations", numberError,
          "How far filled numbers lie from the removed ones, in standard deviations: lower is "
            + "better."),
        line(
          "accuracy of categories", categoryAccuracy,
          "The share of filled levels that are the removed ones: higher is better."),
      ].compactMap(\.self),
      reading: "Known cells of held-out rows were removed and filled again: by the model, by the "
        + "column's mean or most frequent level, and by the five nearest training rows, with "
        + "which the model is compared.",
      names: 36, widths: [12])
  }
}

/// The removed cells of one column.
private struct FilledColumn {
  private let truth: RecordColumn
  /// The rows where they are.
  let rows: [Int]
  private let moments: Moments
  private let mode: Int32?

  /// `known` are the training rows.
  init(truth: RecordColumn, known: RecordColumn, holed: RecordColumn) {
    self.truth = truth
    rows = (0..<truth.count).filter { truth.isKnown($0) && !holed.isKnown($0) }
    moments = known.moments
    mode = known.knownLevels.mostFrequent
  }

  /// The error of the answers' mean, or the accuracy of the most frequent one.
  func score(_ answers: [RecordColumn]) -> Double {
    score { row in
      answers.reduce(0) { $0 + ($1.number(row) ?? moments.mean) } / Double(answers.count)
    } level: { row in
      answers.compactMap { $0.level(row) }.mostFrequent
    }
  }

  var averageScore: Double {
    score { _ in
      moments.mean
    } level: { _ in
      mode
    }
  }

  private func score(number: (Int) -> Double, level: (Int) -> Int32?) -> Double {
    if truth.holdsLevels {
      return Double(rows.count { level($0) == truth.level($0) }) / Double(rows.count)
    }
    let numbers = truth.numbers
    let squares = rows.reduce(0.0) { sum, row in
      let error = number(row) - numbers[row]
      return sum + error * error
    }
    let deviation = max(moments.populationVariance.squareRoot(), .leastNormalMagnitude)
    return (squares / Double(rows.count)).squareRoot() / deviation
  }
}

extension Records {
  /// The same with a share of its cells missing.
  func withHoles(share: Double, seed: UInt64) -> Records {
    let position = RandomPosition(seed: seed, step: 0)
    let purpose = RandomPurpose("fidelity imputation")
    let holed = columns.enumerated().map { index, column in
      RecordColumn(
        column.values,
        validity: Bitmap(
          (0..<count).map { row in
            column.isKnown(row)
              && position.uniform(purpose, record: UInt32(row), column: index) >= share
          }))
    }
    return Records(trusting: schema, holed, count: count)
  }
}
