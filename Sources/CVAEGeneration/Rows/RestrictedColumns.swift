import CVAEModels
import CVAETraining
import RecordTypes
import TensorGraph

/// Draws columns that must be of sets or ranges, one after the other, while all that nothing is asked or known of
/// stays hidden.
final class RestrictedColumns {
  private let batch: Int
  private let start: any CompiledProgram
  private let steps: [any CompiledProgram]
  private let columns: [RowColumn]
  private let inputs: [FieldInput]
  private let filler: ConditionFiller

  init(_ model: TrainedModel, session: any ExecutionSession, batch: Int) throws {
    self.batch = batch
    filler = ConditionFiller(model: model, batch: batch)
    start = try session.compile(model.model.rowStartProgram(batch: batch))
    let order = model.model.rowOrder
    columns = order.map { RowColumn($0, model: model) }
    inputs = order.compactMap { field in
      model.model.generatedInputs.first { $0.field.name == field.name }
    }
    steps = try order.indices.map {
      try session.compile(model.model.rowColumnProgram(at: $0, batch: batch))
    }
  }

  /// Draws the columns of `restrictions`: a column for each field in the order of drawing, up to the last of
  /// them, and for each row how probable the sets and ranges are.
  func draw(
    _ rows: RowPrograms.Rows, _ draws: Draws, _ restrictions: [String: GivenValue]
  ) throws -> (columns: [RecordColumn], shares: [Double]) {
    start.setScalar(ProgramInput.temperature.rawValue, 1)
    rows.address(start)
    filler.fill(start, rows.known, rows: rows.range)
    try start.run(at: draws.position)
    var shares = [Double](repeating: 1, count: rows.range.count)
    let last = columns.lastIndex { restrictions[$0.field.name] != nil } ?? -1
    let drawn = try columns.prefix(last + 1).enumerated().map {
      place, column -> RecordColumn in
      pass(from: place > 1 ? steps[place - 1] : start, to: steps[place])
      try steps[place].run(at: draws.position)
      let restriction = restrictions[column.field.name]
      return column.field.isCategory
        ? levels(place, rows, draws, restriction, &shares)
        : numbers(place, rows, draws, restriction, &shares)
    }
    return (drawn, shares)
  }

  private func pass(from: any CompiledProgram, to: any CompiledProgram) {
    from.withOutput(RowPort.state) { state in
      to.withInput(RowPort.state) { _ = $0.update(fromContentsOf: state) }
    }
  }

  /// What is told to the column behind.
  private func next(_ place: Int) -> (any CompiledProgram)? {
    place + 1 < steps.count ? steps[place + 1] : nil
  }

  private func levels(
    _ place: Int, _ rows: RowPrograms.Rows, _ draws: Draws, _ restriction: GivenValue?,
    _ shares: inout [Double]
  ) -> RecordColumn {
    let (column, count) = (columns[place], rows.range.count)
    let given = rows.known.records[column.field.name]
    var levels = rows.range.map { given?.level($0) }
    if case .levels(let set) = restriction {
      steps[place].withOutput(RowPort.prediction) { weights in
        for row in 0..<count where levels[row] == nil {
          let drawn = column.drawLevel(
            weights, row: row, within: set, first: rows.first, at: draws.position)
          levels[row] = drawn.level
          shares[row] *= drawn.share
        }
      }
    }
    next(place)?.withIndexInput(RowPort.seen) { seen in
      for row in 0..<batch {
        seen[row] = levels[min(row, count - 1)] ?? Int32(column.field.levels.count)
      }
    }
    return .levels(levels)
  }

  private func numbers(
    _ place: Int, _ rows: RowPrograms.Rows, _ draws: Draws, _ restriction: GivenValue?,
    _ shares: inout [Double]
  ) -> RecordColumn {
    let (column, input, width) = (columns[place], inputs[place], columns[place].field.width)
    let count = rows.range.count
    var numbers = [Double?](repeating: nil, count: count * width)
    var seen = [Float](repeating: 0, count: count * width)
    if let given = rows.known.records[column.field.name] {
      start.withInput(input.name) { filled in
        for index in 0..<count * width where given.isKnown(rows.range.lowerBound + index / width) {
          numbers[index] = given.number(
            rows.range.lowerBound + index / width, component: index % width)
          seen[index] = filled[index]
        }
      }
    }
    if case .range(let range) = restriction {
      steps[place].withOutput(RowPort.prediction) { prediction in
        for row in 0..<count where numbers[row] == nil {
          guard
            let drawn = column.drawNumber(
              prediction, row: row, within: range, first: rows.first, at: draws.position)
          else { continue }
          (numbers[row], seen[row]) = (drawn.number, drawn.seen)
          shares[row] *= drawn.share
        }
      }
    }
    next(place)?.withInput(RowPort.seen) { buffer in
      for index in seen.indices { buffer[index] = seen[index] }
    }
    if input.isPartial {
      next(place)?.withInput(RowPort.presence) { buffer in
        for row in 0..<count { buffer[row] = numbers[row * width] == nil ? 0 : 1 }
      }
    }
    return RecordColumn(
      .numbers(numbers.map { $0 ?? 0 }), width: width, validity: Bitmap(numbers.map { $0 != nil }))
  }
}
