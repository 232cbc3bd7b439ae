import CVAEModels
public import CVAETraining
import ConditionalData
import RecordSchema
public import TensorGraph

/// Draws records from a trained model under conditions.
///
/// ```swift
/// let model = try TrainedModel.load("runs/fashion")
/// let generator = try Generator(model, executor: OneDNNExecutor(), batch: 64)
/// let boots = try Conditions(["label": .level(9)], count: 64, model: model)
/// let records = try generator.generate(boots, seed: 1)
/// ```
///
/// Record number i of a seed has the same style for any batch size and thread count.
public final class Generator {
  let model: TrainedModel
  let batch: Int
  let filler: ConditionFiller
  let program: any CompiledProgram
  private let heads: [GeneratedField]
  /// What draws the fields of rows of which any may be given; empty for other models.
  let passes: [RowPass]

  /// Compiles the model for batches of `batch` records.
  ///
  /// - Parameter control: How far the condition is followed: 1 as the model was trained, above 1
  ///   further away from what is drawn without a condition.
  /// - Throws: ``ControlNotLearned`` for another control than 1 of a model without unknown conditions.
  public init(
    _ model: TrainedModel, executor: any Executor, batch: Int, control: Double = 1
  ) throws {
    precondition(batch > 0, "A batch holds at least one record.")
    self.model = model
    self.batch = batch
    filler = ConditionFiller(model: model, batch: batch)
    let session = try model.makeSession(executor)
    let control = try ControlStrength(control, model: model)
    passes = try RowPass.all(of: model, session: session, batch: batch)
    program = try session.compile(
      model.model.generationProgram(batch: batch, isControlled: control.isNeeded))
    try control.prepare(program, filler)
    heads = model.model.generatedInputs.map { GeneratedField($0.field, model: model) }
  }

  /// Draws one record for each condition.
  ///
  /// - Parameters:
  ///   - conditions: In the data's units. Unknown ones need a model that was trained with unknown
  ///     conditions; for others see ``GeneratedRecords/drawnConditions``.
  ///   - temperature: Scales the style; 1 draws from the prior, 0 gives its mean.
  ///   - sample: Another number draws another record for each condition.
  ///   - leavesHoles: Whether values of tables may be missing as they are in the training records;
  ///     else each record has all of them.
  public func generate(
    _ conditions: Conditions, seed: UInt64, temperature: Double = 1, sample: Int = 0,
    leavesHoles: Bool = true
  ) throws -> GeneratedRecords {
    var conditions = conditions
    // Rows have all of their columns.
    let drawsUnknown = !model.model.acceptsMissing || conditions.areOfRows(model)
    let drawn = drawsUnknown ? conditions.drawUnknown(model: model, seed: seed) : []
    let columns = try columns(
      conditions, RowDraws(seed: seed, sample: sample, leavesHoles: leavesHoles),
      temperature: temperature)
    return GeneratedRecords(
      conditions: conditions, given: model.model.givenInputs.map(\.field),
      columns: GeneratedRecords.withHoles(columns, leavesHoles: leavesHoles),
      forms: model.preprocessing.forms, drawnConditions: drawn)
  }

  private func columns(
    _ conditions: Conditions, _ draws: RowDraws, temperature: Double
  ) throws -> [GeneratedRecords.Column] {
    if !passes.isEmpty { return try rows(conditions, draws, temperature: temperature) }
    var columns = heads.map { $0.emptyColumn(count: conditions.count) }
    try forEachBatch(
      conditions, seed: draws.seed, temperature: temperature, sample: draws.sample
    ) { rows, outputs in
      for (index, head) in heads.enumerated() {
        outputs.withOutput(head.field.name) { numbers in
          head.append(
            numbers, rows: rows, at: draws.position, leavesHoles: draws.leavesHoles,
            to: &columns[index])
        }
      }
    }
    return zip(heads, columns).map { GeneratedRecords.Column(field: $0.field, values: $1) }
  }

  /// Draws rows field by field: what was drawn is given to the fields that follow.
  private func rows(
    _ conditions: Conditions, _ draws: RowDraws, temperature: Double
  ) throws -> [GeneratedRecords.Column] {
    for pass in passes {
      pass.program.setScalar(ProgramInput.temperature.rawValue, Float(temperature))
    }
    var known = try restricted(conditions, draws).tellingAbsence(model: model)
    for start in stride(from: 0, to: conditions.count, by: batch) {
      let rows = start..<min(start + batch, conditions.count)
      for (index, pass) in passes.enumerated() {
        pass.program.withIndexInput(ProgramInput.records.rawValue) { buffer in
          for row in 0..<batch { buffer[row] = Int32(start + min(row, rows.count - 1)) }
        }
        filler.fill(pass.program, known, rows: rows)
        let position = RandomPosition(
          seed: draws.seed, step: UInt32(draws.sample * passes.count + index))
        try pass.program.run(at: position)
        for head in pass.heads {
          pass.program.withOutput(head.field.name) { numbers in
            var column = head.emptyColumn(count: rows.count)
            head.append(
              numbers, rows: rows, at: draws.position, leavesHoles: draws.leavesHoles,
              to: &column)
            known.complete(head.field, rows, with: column)
          }
        }
      }
    }
    return heads.compactMap { head in
      known.columns[head.field.name].map { column in
        switch column {
        case .levels(let levels): .init(field: head.field, values: .levels(levels))
        case .reals(let numbers): .init(field: head.field, values: .reals(numbers))
        }
      }
    }
  }

  /// Runs the decoder over all conditions, and hands over each batch's outputs where they lie.
  /// Conditions must be known, or the model accept unknown ones.
  ///
  /// `body` gets the records' range and the program, whose outputs hold at least that many rows.
  public func forEachBatch(
    _ conditions: Conditions, seed: UInt64, temperature: Double = 1, sample: Int = 0,
    _ body: (Range<Int>, any CompiledProgram) throws -> Void
  ) throws {
    program.setScalar(ProgramInput.temperature.rawValue, Float(temperature))
    giveNoPixels()
    for start in stride(from: 0, to: conditions.count, by: batch) {
      let rows = start..<min(start + batch, conditions.count)
      program.withIndexInput(ProgramInput.records.rawValue) { buffer in
        for row in 0..<batch { buffer[row] = Int32(start + min(row, rows.count - 1)) }
      }
      filler.fill(program, conditions, rows: rows)
      try program.run(at: RandomPosition(seed: seed, step: UInt32(sample)))
      try body(rows, program)
    }
  }

  /// Leaves all of masked images to generation.
  private func giveNoPixels() {
    for input in model.model.maskedInputs where input.field.isImage {
      program.withInput(input.name) { $0.update(repeating: 0) }
      program.withInput(input.mask.name) { $0.update(repeating: 0) }
    }
  }
}
