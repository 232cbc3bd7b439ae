import CVAEGeneration
import CVAEModels
import ConditionalData
import Foundation
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
  /// A figure of the model's and of simpler ways.
  public struct Comparison: Hashable, Sendable, Encodable {
    /// Of the model's answers.
    public let model: Double
    /// Of the column's mean or most frequent level.
    public let average: Double
    /// Of the five nearest training rows.
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
    _ synthetic: SyntheticRows, real: DataSet, train: [Int32], heldOut: [Int32],
    settings: FidelitySettings
  ) throws {
    let all = TableRows(real.comparedColumns)
    let order = RandomPosition(seed: settings.seed, step: 0)
      .permutation(RandomPurpose("fidelity imputation rows"), count: heldOut.count)
    let records = order.prefix(Self.mostRows).map { heldOut[Int($0)] }
    let truth = all.picked(records)
    let holed = truth.withHoles(share: Self.removed, seed: settings.seed)
    let conditions = Conditions(count: holed.count, columns: holed.conditionColumns)
    let draws = try (0..<Self.answers).map { sample in
      TableRows(
        try synthetic.drawn(
          conditions, seed: settings.seed, sample: sample, leavesHoles: false
        ).comparedColumns)
    }
    let known = all.picked(train)
    let neighbours = NearestFilling(
      known.sample(settings.mostRows, "imputation neighbours", seed: settings.seed))
    let near = neighbours.filled(holed)
    var (errors, accuracies): ([[Double]], [[Double]]) = ([], [])
    for index in truth.columns.indices {
      let cells = (0..<truth.count).filter {
        truth.columns[index].isKnown($0) && !holed.columns[index].isKnown($0)
      }
      guard !cells.isEmpty else { continue }
      let column = FilledColumn(truth.columns[index], known: known.columns[index], cells: cells)
      let answers = draws.map { $0.columns[index] }
      let scores = [
        column.score(answers), column.averageScore, column.score([near.columns[index]]),
      ]
      if truth.columns[index].isCategory {
        accuracies.append(scores)
      } else {
        errors.append(scores)
      }
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

  /// In aligned columns, for people.
  package var table: String {
    func line(_ name: String, _ cells: [String]) -> String {
      name + String(repeating: " ", count: max(1, 36 - name.count))
        + cells.map { String(repeating: " ", count: max(1, 12 - $0.count)) + $0 }.joined()
    }
    var lines = [
      line("filling \(Int(100 * share)) % of cells", ["model", "average", "neighbours"])
    ]
    let rows = [
      ("  error of numbers, in deviations", numberError),
      ("  accuracy of categories", categoryAccuracy),
    ]
    for case (let name, let figures?) in rows {
      lines.append(
        line(
          name,
          [figures.model, figures.average, figures.neighbours].map { String(format: "%.3f", $0) }))
    }
    return lines.joined(separator: "\n")
  }
}

/// The removed cells of one column.
private struct FilledColumn {
  let truth: TableColumn
  let known: TableColumn
  let cells: [Int]

  init(_ truth: TableColumn, known: TableColumn, cells: [Int]) {
    self.truth = truth
    self.known = known
    self.cells = cells
  }

  private var deviation: Double {
    let numbers = known.knownNumbers.map(Double.init)
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return max((squares / Double(numbers.count)).squareRoot(), .leastNormalMagnitude)
  }

  /// The error of the answers' mean, or the accuracy of the most frequent one.
  func score(_ answers: [TableColumn]) -> Double {
    score { cell in
      answers.reduce(0) { $0 + Double($1.numbers[cell]) } / Double(answers.count)
    } level: { cell in
      var counts: [Int32: Int] = [:]
      for answer in answers { counts[answer.levels[cell], default: 0] += 1 }
      return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? -1
    }
  }

  var averageScore: Double {
    let numbers = known.knownNumbers
    let mean = numbers.reduce(0) { $0 + Double($1) } / Double(max(1, numbers.count))
    let counts = known.levelCounts
    let mode = Int32(counts.indices.max { counts[$0] < counts[$1] } ?? 0)
    return score { _ in
      mean
    } level: { _ in
      mode
    }
  }

  private func score(number: (Int) -> Double, level: (Int) -> Int32) -> Double {
    if truth.isCategory {
      return Double(cells.count { level($0) == truth.levels[$0] }) / Double(cells.count)
    }
    let squares = cells.reduce(0.0) { sum, cell in
      let error = number(cell) - Double(truth.numbers[cell])
      return sum + error * error
    }
    return (squares / Double(cells.count)).squareRoot() / deviation
  }
}

extension DataSet {
  /// Numbers and categories.
  var comparedColumns: [TableColumn] {
    zip(schema.fields, columns).compactMap { field, column in
      switch column {
      case .levels(let levels):
        TableColumn(name: field.name, values: .levels(levels, names: field.levels))
      case .reals(let numbers, 1): TableColumn(name: field.name, values: .numbers(numbers))
      case .reals, .bytes: nil
      }
    }
  }
}

extension TableColumn {
  /// NaN where missing; none for a category.
  var numbers: [Float] { if case .numbers(let numbers) = values { numbers } else { [] } }
  /// -1 where missing; none for numbers.
  var levels: [Int32] { if case .levels(let levels, _) = values { levels } else { [] } }
}

extension TableRows {
  /// The same with a share of its cells missing.
  func withHoles(share: Double, seed: UInt64) -> TableRows {
    let position = RandomPosition(seed: seed, step: 0)
    let purpose = RandomPurpose("fidelity imputation")
    return TableRows(
      columns.enumerated().map { index, column in
        let isHole = { (row: Int) in
          position.uniform(purpose, record: UInt32(row), column: index) < share
        }
        switch column.values {
        case .numbers(let numbers):
          return TableColumn(
            name: column.name,
            values: .numbers(numbers.indices.map { isHole($0) ? .nan : numbers[$0] }))
        case .levels(let levels, let names):
          return TableColumn(
            name: column.name,
            values: .levels(levels.indices.map { isHole($0) ? -1 : levels[$0] }, names: names))
        }
      })
  }

  /// The same as conditions of a model.
  var conditionColumns: [String: Conditions.Column] {
    Dictionary(
      uniqueKeysWithValues: columns.map { column in
        switch column.values {
        case .numbers(let numbers): (column.name, .reals(numbers))
        case .levels(let levels, _): (column.name, .levels(levels))
        }
      })
  }
}
