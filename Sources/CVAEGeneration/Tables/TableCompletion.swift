import CVAETraining
public import ConditionalData
import Foundation
import RecordTypes
import TensorFiles

/// A table whose missing cells a model fills, once or several times.
public struct TableCompletion: Sendable {
  private let table: PartialTable
  /// The table's values, without texts that have holes.
  private let known: Records
  /// The rows with missing cells, in order.
  private let rows: [Int]
  /// Answers for these rows, one after the other.
  private let draws: [GeneratedRecords]
  private let samples: Int
  private let reportsUncertainty: Bool
  private let vocabularies: [String: TokenVocabulary]

  /// The fewest answers that an uncertainty is computed from.
  fileprivate static let leastDraws = 20

  /// Draws `samples` answers for each missing cell.
  ///
  /// - Parameters:
  ///   - generator: Of a model that was trained with `given: any` on rows.
  ///   - hole: What stands in a text for something to fill; what stands around it stays, to the byte. If left out, texts
  ///     are taken as they are.
  ///   - temperature: Scales the style; 1 draws from the prior, 0 gives its mean.
  ///   - reportsUncertainty: Whether a column for each of the model's columns says how uncertain its cells
  ///     are: the standard deviation of at least 20 answers, of a category the share of answers that differ
  ///     from the most frequent one, of a text how little two answers agree on average, see
  ///     ``GeneratedRecords/consensus(of:_:)``.
  /// - Throws: What ``Generator/draw(_:)`` throws; `InvalidGiven` that names the line of a text that can't be filled.
  public init(
    _ table: PartialTable, generator: Generator, samples: Int = 1, seed: UInt64,
    hole: String? = nil, temperature: Double = 1, tokens: TokenChoice = TokenChoice(),
    reportsUncertainty: Bool = false
  ) throws {
    self.table = table
    let holes = try hole.map { try TextHoles(table, mark: $0, model: generator.model) }
    known = holes?.records ?? table.records
    vocabularies = generator.model.preprocessing.vocabularies
    self.samples = max(1, samples)
    self.reportsUncertainty = reportsUncertainty
    let all = Conditions(known)
    let rows = (0..<table.count).filter { all.lacksSomething($0) }
    self.rows = rows
    let conditions = all.selecting(rows)
    let count = rows.isEmpty ? 0 : max(self.samples, reportsUncertainty ? Self.leastDraws : 1)
    var request = DrawRequest(conditions, seed: seed)
    request.samples = count
    request.temperature = temperature
    request.tokens = tokens
    request.allowsMissing = false
    request.texts = holes?.restrictions(of: rows) ?? [:]
    draws = count == 0 ? [] : try generator.draw(request)
  }

  /// The number of rows that had missing cells.
  public var filledRows: Int { rows.count }

  /// Writes the whole table once for each answer, numbered in a first column `sample` if there are several;
  /// known cells stay as they are, to the byte.
  public func write(to path: String) throws {
    let writers = draws.map {
      RecordTable([$0.records], forms: $0.forms).writers(like: table)
    }
    let fillers = table.names.map { name in
      ColumnFiller(name, known: known, draws: draws, writers: writers.compactMap { $0[name] })
    }
    let names = names(fillers)
    let frame = RowText(names, form: table.form, lineBreak: table.lineBreak)
    let start = samples > 1 ? 1 : 0
    try AtomicFile.write(to: path) { file in
      var line = frame.header(names)
      try file.write(line)
      for sample in 0..<samples {
        var next = 0
        for row in 0..<table.count {
          let isFilled = next < rows.count && rows[next] == row
          line.removeAll(keepingCapacity: true)
          if samples > 1 {
            frame.begin(0, in: &line)
            line += "\(sample + 1)".utf8
          }
          for (index, filler) in fillers.enumerated() {
            frame.begin(start + index, in: &line)
            if isFilled, filler.isMissing(row) {
              filler.append(next, sample: sample, to: &line)
            } else {
              table.append(row, index, to: &line)
            }
          }
          if reportsUncertainty {
            var column = start + fillers.count
            for filler in fillers where filler.canFill {
              frame.begin(column, in: &line)
              column += 1
              if isFilled, filler.isMissing(row) {
                let uncertainty =
                  vocabularies[filler.name].map { filler.disagreement(next, $0) }
                  ?? filler.uncertainty(next)
                line += String(format: "%.4g", uncertainty).utf8
              } else {
                frame.appendMissing(to: &line)
              }
            }
          }
          frame.end(&line)
          try file.write(line)
          if isFilled { next += 1 }
        }
      }
    }
  }

  /// The names of all columns that are written.
  private func names(_ fillers: [ColumnFiller]) -> [String] {
    var unused = UnusedNames(table.names)
    var names = table.names
    if samples > 1 { names.insert(unused.take("sample"), at: 0) }
    if reportsUncertainty {
      names += fillers.filter(\.canFill).map { unused.take("\($0.name) uncertainty") }
    }
    return names
  }
}

/// Fills one column's cells.
private struct ColumnFiller {
  let name: String
  private let known: RecordColumn?
  private let answers: [RecordColumn]
  private let writers: [(Int, inout [UInt8]) -> Void]

  init(
    _ name: String, known: Records, draws: [GeneratedRecords],
    writers: [(Int, inout [UInt8]) -> Void]
  ) {
    self.name = name
    self.known = known[name]
    answers = draws.compactMap { $0.records[name] }
    self.writers = writers
  }

  /// Whether it is a column that the model fills.
  var canFill: Bool { !answers.isEmpty }

  func isMissing(_ row: Int) -> Bool { known.map { !$0.isKnown(row) } ?? false }

  func append(_ row: Int, sample: Int, to line: inout [UInt8]) { writers[sample](row, &line) }

  /// How little two answers' texts agree on average: 0 where all are equal, 1 where no two share a token. The first
  /// answers are compared, each with each.
  func disagreement(_ row: Int, _ vocabulary: TokenVocabulary) -> Double {
    let texts = answers.prefix(TableCompletion.leastDraws).map { answer in
      TokenCounts(vocabulary.encode((answer.text(row) ?? "").utf8))
    }
    var sum = 0.0
    for (place, text) in texts.enumerated() {
      for other in texts[..<place] { sum += text.agreement(with: other) }
    }
    // Agreement is at most 2, and there are half as many pairs as this.
    return 1 - sum / Double(texts.count * (texts.count - 1))
  }

  /// The answers' standard deviation, in the column's units; of a category the share of answers that are not the most
  /// frequent one.
  func uncertainty(_ row: Int) -> Double {
    let levels = answers.compactMap { $0.level(row) }
    if !levels.isEmpty { return shareOfOthers(levels) }
    let numbers = answers.compactMap { $0.number(row) }
    let mean = numbers.reduce(0, +) / Double(max(1, numbers.count))
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(max(1, numbers.count - 1))).squareRoot()
  }

  /// The share of answers that are not the most frequent one.
  private func shareOfOthers(_ values: [some Hashable]) -> Double {
    var counts: [AnyHashable: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    return 1 - Double(counts.values.max() ?? 0) / Double(answers.count)
  }
}
