import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

/// Draws all generated fields of a record at once.
final class RecordDrawing {
  let model: TrainedModel
  let batch: Int
  let filler: ConditionFiller
  let program: any CompiledProgram
  private let heads: [GeneratedField]

  /// Compiles the model for batches of `batch` records.
  ///
  /// - Throws: ``ControlNotLearned`` for another control than 1 of a model without unknown conditions.
  init(_ model: TrainedModel, executor: any Executor, batch: Int, control: Double) throws {
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

  /// Draws a record for each condition: the generated fields, in the schema's order.
  ///
  /// Conditions must be known, or the model accept unknown ones.
  func columns(
    _ conditions: Conditions, _ draws: Draws, temperature: Double
  ) throws -> [GeneratedRecords.Column] {
    var batches: [[GeneratedRecords.Values]] = []
    try forEachBatch(conditions, draws.position, temperature: temperature) { rows, program in
      batches.append(
        try heads.map { head in
          try program.withOutput(head.field.name) { try head.values($0, rows: rows, draws) }
        })
    }
    let drawn = heads.enumerated().map { place, head in
      GeneratedRecords.Column(field: head.field, values: .joining(batches.map { $0[place] }))
    }
    return GeneratedRecords.withHoles(drawn, leavesHoles: draws.leavesHoles)
  }

  /// Runs the decoder over all conditions, and hands over each batch's range and program.
  func forEachBatch(
    _ conditions: Conditions, _ position: RandomPosition, temperature: Double,
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
      try program.run(at: position)
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
