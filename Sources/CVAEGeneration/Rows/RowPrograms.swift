import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

/// The programs that draw rows, on one thread.
final class RowPrograms {
  /// The rows of a batch.
  struct Rows {
    /// The conditions in which they stand.
    let known: Conditions
    let range: Range<Int>
    /// The number by which the first row's random numbers are addressed; the others follow.
    let first: UInt32
    /// The styles of all conditions, `[count, latent]`; nil where they are drawn.
    var styles: [Float]?

    /// Where the row of a batch stands; rows behind the last repeat it.
    func source(_ row: Int) -> Int { min(range.lowerBound + row, range.upperBound - 1) }

    /// Tells a program by what numbers its rows are drawn.
    func address(_ program: any CompiledProgram) {
      program.withIndexInput(ProgramInput.records.rawValue) { buffer in
        for row in buffer.indices {
          buffer[row] = Int32(bitPattern: first &+ UInt32(min(row, range.count - 1)))
        }
      }
    }
  }

  private let model: TrainedModel
  private let batch: Int
  private let drawsStyle: Bool
  private let session: any ExecutionSession
  private let columns: [RowColumn]
  private let filler: ConditionFiller
  /// By whether all rows are under one condition; compiled when first needed.
  private var programs: [Bool: any CompiledProgram] = [:]
  private var restricted: RestrictedColumns?

  /// - Parameter drawsStyle: Whether style is drawn; else it is told with the rows.
  init(_ model: TrainedModel, executor: any Executor, batch: Int, drawsStyle: Bool) throws {
    self.model = model
    self.batch = batch
    self.drawsStyle = drawsStyle
    filler = ConditionFiller(model: model, batch: batch)
    session = try model.makeSession(executor.with(threads: 1))
    columns = model.model.rowOrder.map { RowColumn($0, model: model) }
  }

  /// Draws some rows: a column for each field in the order of drawing.
  func draw(
    _ rows: Rows, _ draws: Draws, temperature: Double
  ) throws -> [GeneratedRecords.Values] {
    let program = try program(isShared: rows.known.isUniform)
    rows.address(program)
    program.setScalar(ProgramInput.complete.rawValue, draws.leavesHoles ? 0 : 1)
    if let styles = rows.styles {
      let latent = model.model.configuration.latent
      program.withInput(ProgramInput.style.rawValue) { buffer in
        for index in buffer.indices {
          buffer[index] = styles[rows.source(index / latent) * latent + index % latent]
        }
      }
    } else {
      program.setScalar(ProgramInput.temperature.rawValue, Float(temperature))
    }
    if rows.known.isUniform {
      ConditionFiller(model: model, batch: 1).fill(program, rows.known, rows: 0..<1)
    } else {
      filler.fill(program, rows.known, rows: rows.range)
    }
    try program.run(at: draws.position)
    var absences: [String: [Int32]] = [:]
    return try columns.map { column in
      let name = column.field.name
      guard column.field.isCategory else {
        return .reals(
          try program.withOutput(name) {
            try column.numbers($0, rows, absent: absences[name])
          })
      }
      let levels = program.withIndexOutput(name) { Array($0.prefix(rows.range.count)) }
      if let number = column.field.absenceOf {
        // Whole rows miss nothing, unless the networks' weights of levels were no numbers.
        if !draws.leavesHoles, levels.contains(1) { throw GenerationFailure(field: number) }
        absences[number] = levels
      }
      return .levels(levels)
    }
  }

  private func program(isShared: Bool) throws -> any CompiledProgram {
    if let known = programs[isShared] { return known }
    let program = try session.compile(
      model.model.rowProgram(
        batch: batch, drawsStyle: drawsStyle, sharesConditions: isShared))
    programs[isShared] = program
    return program
  }

  /// What draws columns from sets and ranges.
  func restrictedColumns() throws -> RestrictedColumns {
    if let restricted { return restricted }
    let made = try RestrictedColumns(model, session: session, batch: batch)
    restricted = made
    return made
  }
}

/// What decides the random numbers of records.
struct Draws: Sendable {
  let seed: UInt64
  let sample: Int
  /// Whether values may be missing as they are in training records.
  let leavesHoles: Bool

  var position: RandomPosition { RandomPosition(seed: seed, step: UInt32(sample)) }
}
