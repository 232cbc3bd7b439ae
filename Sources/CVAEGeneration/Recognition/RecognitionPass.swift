package import CVAEModels
package import CVAETraining
package import ConditionalData
import Foundation
import RecordTypes
package import TensorGraph

/// What z is under both networks, for a batch.
package struct Recognised {
  /// Latent dimensions.
  package let latent: Int
  /// Of q(z | x, y), `[batch, latent]`.
  package let mean: [Float]
  package let logVariance: [Float]
  /// Of p(z | y), `[batch, latent]`.
  package let priorMean: [Float]
  package let priorLogVariance: [Float]
  /// What was seen of each image that the model binarises, by field.
  package let binarized: [String: [Float]]

  package init(
    latent: Int, binarized: [String: [Float]], _ values: (GaussianPart) -> [Float]
  ) {
    self.latent = latent
    self.binarized = binarized
    (mean, logVariance) = (values(.mean), values(.logVariance))
    (priorMean, priorLogVariance) = (values(.priorMean), values(.priorLogVariance))
  }

  /// The means of q as styles.
  package var style: [Float] {
    Style.style(of: mean, priorMean: priorMean, priorLogVariance: priorLogVariance)
  }

  /// KL(q ‖ p) of one row in one dimension, nats.
  package func divergence(row: Int, dimension: Int) -> Double {
    let index = row * latent + dimension
    let distance = Double(mean[index]) - Double(priorMean[index])
    let logRatio = Double(logVariance[index]) - Double(priorLogVariance[index])
    let precision = exp(-Double(priorLogVariance[index]))
    return 0.5 * (exp(logRatio) - 1 - logRatio + distance * distance * precision)
  }
}

/// Runs the recognition network and the prior over batches.
package struct RecognitionPass {
  private let program: CompiledModel
  private let filler: RecordFiller
  private let position: RandomPosition
  private let latent: Int
  private let binarized: [FieldInput]

  package init(
    _ model: TrainedModel, data: DataSet, session: any ExecutionSession, batch: Int,
    masks: MaskDistribution = .nothingGiven, meaning: RecordFiller.Meaning = .observed
  ) throws {
    let program = try model.model.recognitionProgram(batch: batch)
    filler = try RecordFiller(
      program, model: model.model, records: data.records, preprocessing: model.preprocessing,
      meaning: meaning, masks: masks)
    self.program = try session.compile(program)
    position = RandomPosition(seed: model.seed, step: 0)
    latent = model.model.configuration.latent
    binarized = model.model.binarizedInputs
  }

  /// The z of a batch; `change` can overwrite what was read from the records.
  package func run(
    _ rows: BatchRows.Rows, change: (CompiledModel) -> Void = { _ in }
  ) throws -> Recognised {
    rows.records.withUnsafeBufferPointer { filler.fill(program, records: $0, at: position) }
    change(program)
    try program.run(at: position)
    let seen = binarized.map { ($0.name, program.output(.binarized($0))) }
    return Recognised(latent: latent, binarized: Dictionary(uniqueKeysWithValues: seen)) {
      program.output(.gaussian($0))
    }
  }
}
