import CVAEModels
public import CVAETraining
import ConditionalData
import RecordTypes
public import TensorGraph

/// Reads the styles of records, to draw them again under other conditions.
///
/// The recognition network reads z under a record's own condition y; its style u = (z − μ(y)) / σ(y)
/// is kept, and z′ = μ(y′) + σ(y′) · u is decoded under each other condition y′.
///
/// ```swift
/// let inputs = try TransferInputs(data, records: [3], from: [:], model: model)
/// let reader = try StyleReader(model, executor: OneDNNExecutor())
/// let boots = try Conditions(["label": .level(9)], count: 1, model: model)
/// var request = DrawRequest(boots, seed: 1)
/// request.styles = try reader.styles(of: inputs).combined().styles(seed: nil)
/// let records = try generator.draw(request)[0]
/// ```
///
/// - Source: Sohn, Lee and Yan, *Learning Structured Output Representation using Deep Conditional
///   Generative Models*, 2015; Kingma et al., *Semi-supervised Learning with Deep Generative Models*,
///   2014, section 4.2 (analogies).
public final class StyleReader {
  private let model: TrainedModel
  private let batch: Int
  private let session: any ExecutionSession

  /// Prepares for batches of `batch` records, at least 1.
  public init(_ model: TrainedModel, executor: any Executor, batch: Int = 64) throws {
    self.model = model
    self.batch = max(1, batch)
    session = try model.makeSession(executor)
  }

  /// The styles of the inputs, each read under its own condition.
  public func styles(of inputs: TransferInputs) throws -> StylePosterior {
    let program = try model.model.recognitionProgram(batch: batch)
    let filler = try RecordFiller(
      program, model: model.model, records: inputs.data.records,
      preprocessing: model.preprocessing)
    let recognition = try session.compile(program)
    let position = RandomPosition(seed: model.seed, step: 0)
    let latent = model.model.configuration.latent
    var (means, logVariances): ([Float], [Float]) = ([], [])
    for start in stride(from: 0, to: inputs.count, by: batch) {
      let rows = min(batch, inputs.count - start)
      let records = (0..<batch).map { Int32(start + min($0, rows - 1)) }
      records.withUnsafeBufferPointer { filler.fill(recognition, records: $0, at: position) }
      try recognition.run(at: position)
      let prior = recognition.output(.gaussian(.priorLogVariance))
      let style = Style.style(
        of: recognition.output(.gaussian(.mean)),
        priorMean: recognition.output(.gaussian(.priorMean)), priorLogVariance: prior)
      let spread = zip(recognition.output(.gaussian(.logVariance)), prior).map(-)
      means += style.prefix(rows * latent)
      logVariances += spread.prefix(rows * latent)
    }
    return StylePosterior(trusting: latent, means, logVariances)
  }
}
