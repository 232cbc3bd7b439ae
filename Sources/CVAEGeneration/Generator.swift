import CVAEModels
public import CVAETraining
import ConditionalData
import RecordTypes
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
  private let way: Way

  private enum Way {
    case atOnce(RecordDrawing)
    case rows(RowDrawing)
  }

  /// Compiles the model for batches of `batch` records.
  ///
  /// - Parameter control: How far the condition is followed: 1 as the model was trained, above 1
  ///   further away from what is drawn without a condition.
  /// - Throws: ``ControlNotLearned`` for another control than 1 of a model without unknown conditions, or
  ///   one that draws rows column by column.
  public init(
    _ model: TrainedModel, executor: any Executor, batch: Int, control: Double = 1
  ) throws {
    precondition(batch > 0, "A batch holds at least one record.")
    self.model = model
    if let rows = try RowDrawing(model, executor: executor, batch: batch) {
      guard control == 1 else { throw ControlNotLearned.ofRows }
      way = .rows(rows)
    } else {
      way = .atOnce(
        try RecordDrawing(model, executor: executor, batch: batch, control: control))
    }
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
    let draws = Draws(seed: seed, sample: sample, leavesHoles: leavesHoles)
    let records =
      switch way {
      case .rows(let rows): try rows.records(conditions, draws, temperature: temperature)
      case .atOnce(let drawing): try drawing.records(conditions, draws, temperature: temperature)
      }
    return GeneratedRecords(
      conditions: conditions, given: model.model.givenInputs.map(\.field), records: records,
      forms: model.preprocessing.forms, drawnConditions: drawn)
  }

  /// Draws one record for each condition of a model that draws all fields at once, and hands over the
  /// program's outputs where they lie, before anything is made of them.
  ///
  /// `body` gets the records' range, and the program, whose outputs hold at least that many rows. Conditions
  /// must be known, or the model accept unknown ones.
  public func forEachBatch(
    _ conditions: Conditions, seed: UInt64, temperature: Double = 1,
    _ body: (Range<Int>, any CompiledProgram) throws -> Void
  ) throws {
    guard case .atOnce(let drawing) = way else {
      preconditionFailure("Rows that are drawn column by column have no outputs of one program.")
    }
    try drawing.forEachBatch(
      conditions, RandomPosition(seed: seed, step: 0), temperature: temperature, body)
  }

  /// Fills the unknown pixels of each picture with `samples` answers: z is drawn from
  /// p(z | what is known) and decoded.
  ///
  /// - Parameter temperature: Scales the style; 1 draws from the prior, 0 gives its mean.
  /// - Throws: ``CompletionFailure`` for a model that wasn't trained to, what the executor throws.
  public func complete(
    _ records: PartialRecords, samples: Int, seed: UInt64, temperature: Double = 1
  ) throws -> Completion {
    let (field, size) = try model.completedField()
    guard case .atOnce(let drawing) = way else { preconditionFailure("Rows hold no pictures.") }
    return try drawing.complete(
      records, field: field, size: size, samples: samples, seed: seed, temperature: temperature)
  }
}
