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
  let program: any CompiledProgram
  private let heads: [GeneratedField]

  /// Compiles the model for batches of `batch` records.
  public init(_ model: TrainedModel, executor: any Executor, batch: Int) throws {
    precondition(batch > 0, "A batch holds at least one record.")
    self.model = model
    self.batch = batch
    let session = try model.makeSession(executor)
    program = try session.compile(model.model.generationProgram(batch: batch))
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
      fill(conditions, rows)
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

  /// Writes the given fields of `rows`.
  func fill(_ conditions: Conditions, _ rows: Range<Int>) {
    for input in model.model.givenInputs {
      guard let column = conditions.columns[input.field.name] else {
        preconditionFailure("The condition on '\(input.field.name)' is missing.")
      }
      fill(input, column, rows)
    }
  }

  /// Rows behind the last condition repeat it, and are not read.
  private func fill(_ input: FieldInput, _ column: Conditions.Column, _ rows: Range<Int>) {
    switch column {
    case .levels(let levels):
      program.withIndexInput(input.name) { buffer in
        for row in 0..<batch {
          let level = levels[min(rows.lowerBound + row, rows.upperBound - 1)]
          buffer[row] = level >= 0 ? level : input.missingLevel ?? 0
        }
      }
    case .reals(let numbers):
      let width = input.field.width
      let scale = model.preprocessing.scales[input.field.name]
      program.withInput(input.name) { buffer in
        for index in 0..<batch * width {
          let row = min(rows.lowerBound + index / width, rows.upperBound - 1)
          let number = numbers[row * width + index % width]
          let known = scale.map {
            (number - Float($0.mean[index % width])) / Float($0.standardDeviation[index % width])
          }
          buffer[index] = number.isNaN ? 0 : known ?? number
        }
      }
      guard let missing = input.missingName else { return }
      program.withInput(missing) { buffer in
        for row in 0..<batch {
          let source = min(rows.lowerBound + row, rows.upperBound - 1)
          buffer[row] = numbers[source * width].isNaN ? 1 : 0
        }
      }
    }
  }
}
