import CVAEModels
public import CVAETraining
import ConditionalData
import RecordTypes
public import TensorGraph

/// Draws records again under other conditions, in the style that they have.
///
/// The recognition network reads z under a record's own condition y; its style u = (z − μ(y)) / σ(y)
/// is kept, and z′ = μ(y′) + σ(y′) · u is decoded under each other condition y′.
///
/// ```swift
/// let transfer = try StyleTransfer(model, executor: OneDNNExecutor())
/// let inputs = try TransferInputs(data, records: [3], from: [:], model: model)
/// let styles = try transfer.styles(of: inputs).combined().styles(seed: nil)
/// let boots = try Conditions(["label": .level(9)], count: 1, model: model)
/// let records = try transfer.generate(boots, styles: styles, seed: 1)
/// ```
///
/// - Source: Sohn, Lee and Yan, *Learning Structured Output Representation using Deep Conditional
///   Generative Models*, 2015; Kingma et al., *Semi-supervised Learning with Deep Generative Models*,
///   2014, section 4.2 (analogies).
public final class StyleTransfer {
  private let model: TrainedModel
  private let batch: Int
  private let session: any ExecutionSession
  private let way: Way

  private enum Way {
    case atOnce(any CompiledProgram, ConditionFiller, [GeneratedField])
    case rows(RowDrawing)
  }

  /// Compiles the decoder for batches of `batch` records.
  ///
  /// - Parameter control: How far the condition is followed: 1 as the model was trained, above 1
  ///   further away from what is drawn without a condition.
  /// - Throws: ``ControlNotLearned`` for another control than 1 of a model without unknown conditions, or
  ///   one that draws rows column by column.
  public init(
    _ model: TrainedModel, executor: any Executor, batch: Int = 64, control: Double = 1
  ) throws {
    precondition(batch > 0, "A batch holds at least one record.")
    self.model = model
    self.batch = batch
    session = try model.makeSession(executor)
    if let rows = try RowDrawing(model, executor: executor, batch: batch, drawsStyle: false) {
      guard control == 1 else { throw ControlNotLearned.ofRows }
      way = .rows(rows)
      return
    }
    let filler = ConditionFiller(model: model, batch: batch)
    let control = try ControlStrength(control, model: model)
    let program = try session.compile(
      model.model.decodingProgram(batch: batch, isControlled: control.isNeeded))
    try control.prepare(program, filler)
    way = .atOnce(
      program, filler, model.model.generatedInputs.map { GeneratedField($0.field, model: model) })
  }

  /// The styles of the inputs, each read under its own condition.
  public func styles(of inputs: TransferInputs) throws -> StylePosterior {
    let program = try model.model.recognitionProgram(batch: batch)
    let filler = try BatchFiller(
      program: program, model: model.model, data: inputs.data, preprocessing: model.preprocessing)
    let recognition = try session.compile(program)
    let position = RandomPosition(seed: model.seed, step: 0)
    let latent = model.model.configuration.latent
    var (means, logVariances): ([Float], [Float]) = ([], [])
    for start in stride(from: 0, to: inputs.count, by: batch) {
      let rows = min(batch, inputs.count - start)
      let records = (0..<batch).map { Int32(start + min($0, rows - 1)) }
      records.withUnsafeBufferPointer { filler.fill(recognition, records: $0, at: position) }
      try recognition.run(at: position)
      let prior = recognition.output(ProgramInput.priorLogVariance.rawValue)
      let style = Style.style(
        of: recognition.output(ProgramInput.mean.rawValue),
        priorMean: recognition.output(ProgramInput.priorMean.rawValue), priorLogVariance: prior)
      let spread = zip(recognition.output(ProgramInput.logVariance.rawValue), prior).map(-)
      means += style.prefix(rows * latent)
      logVariances += spread.prefix(rows * latent)
    }
    return StylePosterior(latent: latent, mean: means, logVariance: logVariances)
  }

  /// Decodes a style under each condition.
  ///
  /// - Parameters:
  ///   - conditions: In the data's units; unknown ones need a model that was trained with them.
  ///   - styles: `[conditions, latent]`.
  ///   - seed: Addresses what is drawn of fields that are no images.
  public func generate(
    _ conditions: Conditions, styles: [Float], seed: UInt64
  ) throws -> GeneratedRecords {
    let latent = model.model.configuration.latent
    precondition(styles.count == conditions.count * latent, "A style goes with each condition.")
    try conditions.requireKnown(model)
    let draws = Draws(seed: seed, sample: 0, leavesHoles: true)
    let columns =
      switch way {
      case .rows(let rows):
        try rows.columns(conditions, draws, temperature: 1, styles: styles)
      case .atOnce(let program, let filler, let heads):
        try columns(conditions, styles, draws, program, filler, heads)
      }
    return GeneratedRecords(
      conditions: conditions, given: model.model.givenInputs.map(\.field), columns: columns,
      forms: model.preprocessing.forms, drawnConditions: [])
  }

  private func columns(
    _ conditions: Conditions, _ styles: [Float], _ draws: Draws, _ program: any CompiledProgram,
    _ filler: ConditionFiller, _ heads: [GeneratedField]
  ) throws -> [GeneratedRecords.Column] {
    let latent = model.model.configuration.latent
    var batches: [[GeneratedRecords.Values]] = []
    for start in stride(from: 0, to: conditions.count, by: batch) {
      let rows = start..<min(start + batch, conditions.count)
      filler.fill(program, conditions, rows: rows)
      program.withInput(ProgramInput.style.rawValue) { buffer in
        for index in buffer.indices {
          let row = min(start + index / latent, rows.upperBound - 1)
          buffer[index] = styles[row * latent + index % latent]
        }
      }
      try program.run(at: draws.position)
      batches.append(
        try heads.map { head in
          try program.withOutput(head.field.name) { try head.values($0, rows: rows, draws) }
        })
    }
    let drawn = heads.enumerated().map { place, head in
      GeneratedRecords.Column(field: head.field, values: .joining(batches.map { $0[place] }))
    }
    return GeneratedRecords.withHoles(drawn, leavesHoles: true)
  }
}
