import CVAEGeneration
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles

/// A table whose missing cells a model fills, several times where several answers are wanted.
struct TableCompletion {
  private let table: PartialTable
  private let model: TrainedModel
  /// The rows that lack something, in order.
  private let rows: [Int]
  /// Answers for these rows, one after the other.
  private let draws: [GeneratedRecords]
  private let samples: Int
  private let tellsUncertainty: Bool

  /// How many answers an uncertainty is computed from, at least.
  private static let leastDraws = 20

  init(
    _ table: PartialTable, model: TrainedModel, generator: Generator, samples: Int, seed: UInt64,
    temperature: Double, tellsUncertainty: Bool
  ) throws {
    self.table = table
    self.model = model
    self.samples = samples
    self.tellsUncertainty = tellsUncertainty
    let all = Conditions(table)
    rows = (0..<table.count).filter { all.lacksSomething($0) }
    let conditions = all.selecting(rows)
    let count = rows.isEmpty ? 0 : tellsUncertainty ? max(samples, Self.leastDraws) : samples
    draws = try (0..<count).map { sample in
      try generator.generate(
        conditions, seed: seed, temperature: temperature, sample: sample, leavesHoles: false)
    }
  }

  /// The number of rows that lacked something.
  var filledRows: Int { rows.count }

  /// Writes the table, all of it for each answer, numbered in a first column `sample` where there are
  /// several; cells that were known to the byte as they came.
  func write(to path: String) throws {
    let fillers = table.names.enumerated().map { index, name in
      ColumnFiller(name: name, place: index, draws: draws)
    }
    try AtomicFile.write(to: path) { file in
      var line = header(fillers)
      try file.write(line)
      for sample in 0..<samples {
        var next = 0
        for row in 0..<table.count {
          let isFilled = next < rows.count && rows[next] == row
          line.removeAll(keepingCapacity: true)
          if samples > 1 { line += "\(sample + 1)".utf8 + [table.separator] }
          for (index, filler) in fillers.enumerated() {
            if index > 0 { line.append(table.separator) }
            if isFilled, filler.isMissing(row, table) {
              filler.append(next, sample: sample, to: &line)
            } else {
              line += table.cell(row, index)
            }
          }
          if tellsUncertainty { uncertainties(fillers, row, isFilled ? next : nil, to: &line) }
          line += table.lineBreak
          try file.write(line)
          if isFilled { next += 1 }
        }
      }
    }
  }

  private func header(_ fillers: [ColumnFiller]) -> [UInt8] {
    var names = table.names
    if samples > 1 { names.insert("sample", at: 0) }
    if tellsUncertainty {
      names += fillers.filter(\.canFill).map { "\($0.name) uncertainty" }
    }
    let cells = names.map { Array(CellText.quoted($0).utf8) }
    return Array(cells.joined(separator: [table.separator])) + table.lineBreak
  }

  private func uncertainties(
    _ fillers: [ColumnFiller], _ row: Int, _ filled: Int?, to line: inout [UInt8]
  ) {
    for filler in fillers where filler.canFill {
      line.append(table.separator)
      guard let filled, filler.isMissing(row, table) else { continue }
      line += String(format: "%.4g", filler.uncertainty(filled)).utf8
    }
  }
}

/// Fills one column's cells.
private struct ColumnFiller {
  let name: String
  let place: Int
  private let columns: [GeneratedRecords.Values]
  private let texts: [[UInt8]]
  private let form: NumberForm?

  init(name: String, place: Int, draws: [GeneratedRecords]) {
    self.name = name
    self.place = place
    let found = draws.compactMap { draw in draw.columns.first { $0.field.name == name } }
    columns = found.map(\.values)
    texts = found.first?.field.levels.map { Array(CellText.quoted($0).utf8) } ?? []
    form = draws.first?.forms[name]
  }

  /// Whether it is a column that the model fills.
  var canFill: Bool { !columns.isEmpty }

  func isMissing(_ row: Int, _ table: PartialTable) -> Bool {
    switch table.columns[name] {
    case .levels(let levels): levels[row] < 0
    case .reals(let numbers, _): numbers[row].isNaN
    case .bytes, nil: false
    }
  }

  func append(_ row: Int, sample: Int, to line: inout [UInt8]) {
    switch columns[sample] {
    case .levels(let levels): line += texts[Int(levels[row])]
    case .reals(let numbers): CellText.append(numbers[row], form, to: &line)
    case .pixels: return
    }
  }

  /// The answers' standard deviation, in the column's units; of a category the share of answers that
  /// are not the most frequent one.
  func uncertainty(_ row: Int) -> Double {
    var numbers: [Double] = []
    var counts: [Int32: Int] = [:]
    for column in columns {
      switch column {
      case .levels(let levels): counts[levels[row], default: 0] += 1
      case .reals(let values): numbers.append(Double(values[row]))
      case .pixels: return 0
      }
    }
    if let most = counts.values.max() { return 1 - Double(most) / Double(columns.count) }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(max(1, numbers.count - 1))).squareRoot()
  }
}
