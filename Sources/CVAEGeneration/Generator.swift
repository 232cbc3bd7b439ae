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
  public func generate(
    _ conditions: Conditions, seed: UInt64, temperature: Double = 1
  ) throws -> GeneratedRecords {
    var conditions = conditions
    let drawn =
      model.model.acceptsMissing ? [] : conditions.drawUnknown(model: model, seed: seed)
    var columns = heads.map { $0.emptyColumn(count: conditions.count) }
    try forEachBatch(conditions, seed: seed, temperature: temperature) { rows, outputs in
      for (index, head) in heads.enumerated() {
        outputs.withOutput(head.field.name) { numbers in
          head.append(numbers, rows: rows, seed: seed, to: &columns[index])
        }
      }
    }
    let fields = zip(heads, columns).map { GeneratedRecords.Column(field: $0.field, values: $1) }
    return GeneratedRecords(
      conditions: conditions, given: model.model.givenInputs.map(\.field), columns: fields,
      forms: model.preprocessing.forms,
      drawnConditions: drawn)
  }

  /// Runs the decoder over all conditions, and hands over each batch's outputs where they lie.
  /// Conditions must be known, or the model accept unknown ones.
  ///
  /// `body` gets the records' range and the program, whose outputs hold at least that many rows.
  public func forEachBatch(
    _ conditions: Conditions, seed: UInt64, temperature: Double = 1,
    _ body: (Range<Int>, any CompiledProgram) throws -> Void
  ) throws {
    program.setScalar(ProgramInput.temperature.rawValue, Float(temperature))
    giveNoCells()
    for start in stride(from: 0, to: conditions.count, by: batch) {
      let rows = start..<min(start + batch, conditions.count)
      program.withIndexInput(ProgramInput.records.rawValue) { buffer in
        for row in 0..<batch { buffer[row] = Int32(start + min(row, rows.count - 1)) }
      }
      filler.fill(program, conditions, rows: rows)
      try program.run(at: RandomPosition(seed: seed, step: 0))
      try body(rows, program)
    }
  }

  /// Leaves all of masked fields to generation.
  private func giveNoCells() {
    for input in model.model.maskedInputs {
      program.withInput(input.name) { $0.update(repeating: 0) }
      program.withInput(input.mask.name) { $0.update(repeating: 0) }
    }
  }
}
