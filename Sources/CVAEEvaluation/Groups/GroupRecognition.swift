import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import TensorGraph

/// What z is for each group, recognised from keyed members.
struct GroupRecognition {
  private let latent: Int
  private var values: [GaussianPart: [Float]] = [:]

  private static let parts: [GaussianPart] = [
    .mean, .logVariance, .priorMean, .priorLogVariance,
  ]

  init(
    _ model: TrainedModel, data: DataSet, groups: RecordGroups,
    session: any ExecutionSession, batch: Int
  ) throws {
    latent = model.model.configuration.latent
    let sources = model.provenance.configuration.training.groups.sources
    let shape = GroupShape(
      groups: min(batch, groups.members.count), sources: sources, targets: 1)
    let program = try model.model.groupRecognitionProgram(
      groups: shape.groups, sources: sources)
    let filler = try GroupFiller(
      program, model: model.model, records: data.records, preprocessing: model.preprocessing)
    let batches = GroupBatches(groups, shape: shape)
    let compiled = try session.compile(program)
    let position = RandomPosition(seed: model.seed, step: 0)
    for rows in BatchRows(groups.leaders, batch: shape.groups) {
      let chosen = rows.records.withUnsafeBufferPointer { batches.batch($0, at: position) }
      filler.fill(compiled, chosen, at: position)
      try compiled.run(at: position)
      for part in Self.parts {
        values[part, default: []] += compiled.output(.gaussian(part)).prefix(rows.count * latent)
      }
    }
  }

  /// The rows of some groups, in their order.
  func recognised(_ groups: [Int], binarized: [String: [Float]]) -> Recognised {
    func rows(_ part: GaussianPart) -> [Float] {
      let all = values[part] ?? []
      return groups.flatMap { all[$0 * latent..<($0 + 1) * latent] }
    }
    return Recognised(latent: latent, binarized: binarized, rows)
  }
}
