import CVAEModels
public import CVAETraining
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
  let model: TrainedModel
  let batch: Int
  let session: any ExecutionSession

  /// Prepares for batches of `batch` records, at least 1.
  public init(_ model: TrainedModel, executor: any Executor, batch: Int = 64) throws {
    self.model = model
    self.batch = max(1, batch)
    session = try model.makeSession(executor)
  }

  /// The styles of the inputs, each read under its own condition.
  public func styles(of inputs: TransferInputs) throws -> StylePosterior {
    let pass = try RecognitionPass(model, data: inputs.data, session: session, batch: batch)
    let (latent, details) = (model.model.configuration.latent, model.model.detailCount)
    var (means, logVariances): ([Float], [Float]) = ([], [])
    for rows in BatchRows((0..<Int32(inputs.count)).map { $0 }, batch: batch) {
      let recognised = try pass.run(rows)
      let spread = zip(recognised.logVariance, recognised.priorLogVariance).map(-)
      let style = recognised.style
      for row in 0..<rows.count {
        let (own, level) = (row * latent..<(row + 1) * latent, row * details..<(row + 1) * details)
        means += style[own] + recognised.details.mean[level]
        logVariances += spread[own] + recognised.details.logVariance[level]
      }
    }
    return StylePosterior(
      trusting: means, logVariances,
      levels: [latent] + model.model.detailLevels.map(\.count))
  }
}
