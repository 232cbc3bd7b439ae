import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph

/// What z is under both networks, for a batch.
struct Recognised {
  /// Latent dimensions.
  let latent: Int
  /// Of q(z | x, y), `[batch, latent]`.
  let mean: [Float]
  let logVariance: [Float]
  /// Of p(z | y), `[batch, latent]`.
  let priorMean: [Float]
  let priorLogVariance: [Float]
  /// What was seen of each image that the model binarises, by field.
  let binarized: [String: [Float]]

  /// The means of q as styles.
  var style: [Float] {
    Style.style(of: mean, priorMean: priorMean, priorLogVariance: priorLogVariance)
  }

  /// KL(q ‖ p) of one row in one dimension, nats.
  func divergence(row: Int, dimension: Int) -> Double {
    let index = row * latent + dimension
    let distance = Double(mean[index]) - Double(priorMean[index])
    let logRatio = Double(logVariance[index]) - Double(priorLogVariance[index])
    let precision = exp(-Double(priorLogVariance[index]))
    return 0.5 * (exp(logRatio) - 1 - logRatio + distance * distance * precision)
  }
}

/// Runs the recognition network and the prior over batches.
final class RecognitionPass {
  private let program: CompiledModel
  private let filler: RecordFiller
  private let position: RandomPosition
  private let latent: Int
  private let binarized: [FieldInput]

  init(
    _ model: TrainedModel, data: DataSet, session: any ExecutionSession, batch: Int,
    masks: MaskDistribution = .nothingGiven
  ) throws {
    let program = try model.model.recognitionProgram(batch: batch)
    filler = try RecordFiller(
      program, model: model.model, records: data.records, preprocessing: model.preprocessing,
      masks: masks)
    self.program = try session.compile(program)
    position = RandomPosition(seed: model.seed, step: 0)
    latent = model.model.configuration.latent
    binarized = model.model.binarizedInputs
  }

  func run(_ rows: BatchRows.Rows, assuming level: AssumedLevel? = nil) throws -> Recognised {
    rows.records.withUnsafeBufferPointer { filler.fill(program, records: $0, at: position) }
    level?.write(to: program)
    try program.run(at: position)
    return Recognised(
      latent: latent, mean: program.output(.gaussian(.mean)),
      logVariance: program.output(.gaussian(.logVariance)),
      priorMean: program.output(.gaussian(.priorMean)),
      priorLogVariance: program.output(.gaussian(.priorLogVariance)),
      binarized: Dictionary(
        uniqueKeysWithValues: binarized.map { ($0.name, program.output(.binarized($0))) }))
  }
}
