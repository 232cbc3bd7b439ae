package import CVAEModels
package import CVAETraining
package import ConditionalData
import Foundation
import RecordTypes
package import TensorGraph

/// What z is under both networks, for a batch.
package struct Recognised: Codable {
  /// Latent dimensions.
  package let latent: Int
  /// Of q(z | x, y), `[batch, latent]`.
  package let mean: [Float]
  package let logVariance: [Float]
  /// Of p(z | y), `[batch, latent]`.
  package let priorMean: [Float]
  package let priorLogVariance: [Float]
  /// Of q(u | x, y) of details, in units of their prior, `[batch, detailCount]`; empty for a model without levels.
  package let details: Details
  /// What was seen of each image that the model binarises, by field.
  package let binarized: [String: [Float]]

  /// Gaussians over the style of details.
  package struct Details: Codable {
    package var mean: [Float] = []
    package var logVariance: [Float] = []

    package init() {}
  }

  /// The same without details and pictures, which scores don't need.
  package var gaussians: Recognised {
    Recognised(latent: latent, binarized: [:]) { part in
      switch part {
      case .mean: mean
      case .logVariance: logVariance
      case .priorMean: priorMean
      case .priorLogVariance: priorLogVariance
      }
    }
  }

  package init(
    latent: Int, details: Details = Details(), binarized: [String: [Float]],
    _ values: (GaussianPart) -> [Float]
  ) {
    self.latent = latent
    self.details = details
    self.binarized = binarized
    (mean, logVariance) = (values(.mean), values(.logVariance))
    (priorMean, priorLogVariance) = (values(.priorMean), values(.priorLogVariance))
  }

  /// The same with the posteriors of other records; p(z | y) stays.
  package func withPosteriors(of other: Recognised) -> Recognised {
    Recognised(latent: latent, details: details, binarized: binarized) { part in
      switch part {
      case .mean: other.mean
      case .logVariance: other.logVariance
      case .priorMean: priorMean
      case .priorLogVariance: priorLogVariance
      }
    }
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
package final class RecognitionPass {
  private let programs: ProgramsByLength
  private let position: RandomPosition
  private let latent: Int
  private let binarized: [FieldInput]
  private let hasDetails: Bool

  package init(
    _ model: TrainedModel, data: DataSet, session: any ExecutionSession, batch: Int,
    masks: MaskDistribution = .nothingGiven, meaning: RecordFiller.Meaning = .observed
  ) throws {
    programs = try ProgramsByLength(
      model, data: data, session: session, masks: masks, meaning: meaning
    ) { try model.model.recognitionProgram(batch: batch, steps: $0) }
    position = RandomPosition(seed: model.seed, step: 0)
    latent = model.model.configuration.latent
    binarized = model.model.binarizedInputs
    hasDetails = !model.model.detailLevels.isEmpty
  }

  /// The z of a batch; `change` can overwrite what was read from the records.
  package func run(
    _ rows: BatchRows.Rows, change: (CompiledModel) -> Void = { _ in }
  ) throws -> Recognised {
    let program = try programs.filled(with: rows.records, at: position)
    change(program)
    try program.run(at: position)
    let seen = binarized.map { ($0.name, program.output(.binarized($0))) }
    var details = Recognised.Details()
    if hasDetails {
      details.mean = program.output(.details(.mean))
      details.logVariance = program.output(.details(.logVariance))
    }
    return Recognised(
      latent: latent, details: details, binarized: Dictionary(uniqueKeysWithValues: seen)
    ) { program.output(.gaussian($0)) }
  }
}

/// One program for each length of texts that occurs, compiled when it is first needed: short texts don't pay for long
/// ones. Where no field is a text, there is one program.
package final class ProgramsByLength {
  private let model: TrainedModel
  private let session: any ExecutionSession
  private let make: (TextSteps) throws -> ModelProgram
  private let filler: RecordFiller
  private var compiled: [TextSteps: (program: CompiledModel, filler: RecordFiller)] = [:]

  /// - Parameter make: The program for texts of up to so many tokens.
  package init(
    _ model: TrainedModel, data: DataSet, session: any ExecutionSession,
    masks: MaskDistribution, meaning: RecordFiller.Meaning,
    make: @escaping (TextSteps) throws -> ModelProgram
  ) throws {
    self.model = model
    self.session = session
    self.make = make
    let hasTexts = model.model.inputs.contains(where: \.isText)
    let first = TextSteps(hasTexts ? BatchPlan.steps(for: 1) : 0)
    let program = try make(first)
    filler = try RecordFiller(
      program, model: model.model, records: data.records, preprocessing: model.preprocessing,
      meaning: meaning, masks: masks)
    compiled[first] = (program: try session.compile(program), filler: filler)
  }

  /// The program for these records, with them written into its inputs.
  package func filled(
    with records: [Int32], at position: RandomPosition
  ) throws -> CompiledModel {
    let steps = filler.textSteps(records)
    let found: (program: CompiledModel, filler: RecordFiller)
    if let known = compiled[steps] {
      found = known
    } else {
      let program = try make(steps)
      found = (
        program: try session.compile(program), filler: filler.filling(program, model.model)
      )
      compiled[steps] = found
    }
    records.withUnsafeBufferPointer {
      found.filler.fill(found.program, records: $0, at: position)
    }
    return found.program
  }
}
