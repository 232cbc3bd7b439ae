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
  ) throws -> (columns: [GeneratedRecords.Values], shares: [Double]) {
    start.setScalar(ProgramInput.temperature.rawValue, 1)
    rows.address(start)
    filler.fill(start, rows.known, rows: rows.range)
    try start.run(at: draws.position)
    var shares = [Double](repeating: 1, count: rows.range.count)
    let last = columns.lastIndex { restrictions[$0.field.name] != nil } ?? -1
    let drawn = try columns.prefix(last + 1).enumerated().map {
      place, column -> GeneratedRecords.Values in
      pass(from: place > 1 ? steps[place - 1] : start, to: steps[place])
      try steps[place].run(at: draws.position)
      let restriction = restrictions[column.field.name]
      return column.field.isCategory
        ? .levels(try levels(place, rows, draws, restriction, &shares))
        : .reals(try numbers(place, rows, draws, restriction, &shares))
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
  ) throws -> [Int32] {
    let (column, count) = (columns[place], rows.range.count)
    var levels = [Int32](repeating: -1, count: count)
    if case .levels(let given) = rows.known.columns[column.field.name] {
      for (row, source) in rows.range.enumerated() { levels[row] = given[source] }
    }
    if case .levels(let set) = restriction {
      try steps[place].withOutput(RowPort.prediction) { weights in
        try GenerationFailure.check(weights, of: column.field)
        levels.withUnsafeMutableBufferPointer { levels in
          column.drawLevels(
            weights, into: levels, within: set, first: rows.first, at: draws.position,
            likelihoods: &shares)
        }
      }
    }
    next(place)?.withIndexInput(RowPort.seen) { seen in
      for row in 0..<batch {
        let level = levels[min(row, count - 1)]
        seen[row] = level < 0 ? Int32(column.field.levels.count) : level
      }
    }
    return levels
  }

  private func numbers(
    _ place: Int, _ rows: RowPrograms.Rows, _ draws: Draws, _ restriction: GivenValue?,
    _ shares: inout [Double]
  ) throws -> [Float] {
    let (column, input, width) = (columns[place], inputs[place], columns[place].field.width)
    let count = rows.range.count * width
    var numbers = [Float](repeating: .nan, count: count)
    var seen = [Float](repeating: 0, count: count)
    if case .reals(let given) = rows.known.columns[column.field.name] {
      let first = rows.range.lowerBound * width
      for index in 0..<count { numbers[index] = given[first + index] }
      start.withInput(input.name) { filled in
        for index in 0..<count where !numbers[index].isNaN { seen[index] = filled[index] }
      }
    }
    if case .range(let range) = restriction {
      try steps[place].withOutput(RowPort.prediction) { prediction in
        try GenerationFailure.check(prediction, of: column.field)
        numbers.withUnsafeMutableBufferPointer { numbers in
          seen.withUnsafeMutableBufferPointer { seen in
            column.drawNumbers(
              prediction, into: numbers, seen: seen, within: range, first: rows.first,
              at: draws.position, likelihoods: &shares)
          }
        }
      }
    }
    next(place)?.withInput(RowPort.seen) { buffer in
      for index in 0..<count { buffer[index] = seen[index] }
    }
    if input.isPartial {
      next(place)?.withInput(RowPort.presence) { buffer in
        for row in 0..<rows.range.count { buffer[row] = numbers[row * width].isNaN ? 0 : 1 }
      }
    }
    return numbers
  }
}
