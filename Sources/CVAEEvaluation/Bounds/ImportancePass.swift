import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph

/// The scores of a batch's rows, in nats.
struct ImportanceScores: Codable {
  /// log (1/K Σ w), a bound on log p(x | y).
  let logLikelihood: [Double]
  /// The mean of log p(x | z, y) over the samples.
  let reconstruction: [Double]
  /// The same for each generated variable, in the model's order.
  let fields: [[Double]]
  /// The mean of KL(q ‖ p) of each level of details.
  let details: [[Double]]
  /// The mean of log p(u) − log N(u; 0, I) under the flow of the prior; empty without one.
  let flowGain: [Double]
}

/// Draws importance samples for batches.
final class ImportancePass {
  private let programs: ProgramsByLength
  private let seed: UInt64
  private let batch: Int
  private let generated: [FieldInput]
  private let levels: [DetailLevel]
  private let hasFlow: Bool

  init(
    _ model: TrainedModel, data: DataSet, session: any ExecutionSession, batch: Int,
    masks: MaskDistribution = .nothingGiven, meaning: RecordFiller.Meaning = .observed
  ) throws {
    programs = try ProgramsByLength(
      model, data: data, session: session, masks: masks, meaning: meaning
    ) { try model.model.importanceProgram(batch: batch, steps: $0) }
    seed = model.seed
    self.batch = batch
    generated = model.model.generatedInputs
    levels = model.model.detailLevels
    hasFlow = model.model.hasFlow
  }

  /// Scores the rows of a batch.
  ///
  /// - Parameters:
  ///   - keys: The keys of the random numbers of z; nil for the records' own numbers.
  ///   - eachSample: Called after every sample with its number, to read the outputs.
  func run(
    _ rows: BatchRows.Rows, recognised: Recognised, samples: Int, keys: [Int32]? = nil,
    assuming level: AssumedLevel? = nil,
    eachSample: (Int, CompiledModel) -> Void = { _, _ in }
  ) throws -> ImportanceScores {
    let program = try programs.filled(
      with: rows.records, at: RandomPosition(seed: seed, step: 0))
    if let keys {
      let slot: InputSlot = program.model.reads(.groups) ? .groups : .records(.own)
      program.withIndexInput(slot) { _ = $0.update(from: keys) }
    }
    level?.write(to: program)
    write(recognised, to: program)
    var weights = [LogMeanExp](repeating: LogMeanExp(), count: batch)
    var reconstruction = [Double](repeating: 0, count: batch)
    var fields = generated.map { _ in [Double](repeating: 0, count: batch) }
    var gains = [Double](repeating: 0, count: hasFlow ? batch : 0)
    var details = levels.map { _ in [Double](repeating: 0, count: batch) }
    for sample in 0..<samples {
      try program.run(at: RandomPosition(seed: seed, step: UInt32(sample)))
      eachSample(sample, program)
      program.withOutput(.logWeight) { values in
        for row in 0..<batch { weights[row].add(Double(values[row])) }
      }
      add(.logLikelihood, of: program, to: &reconstruction)
      for (index, input) in generated.enumerated() {
        add(.logLikelihoodOf(input), of: program, to: &fields[index])
      }
      if hasFlow { add(.flowGain, of: program, to: &gains) }
      for (index, level) in levels.enumerated() {
        add(.klOfDetails(level), of: program, to: &details[index])
      }
    }
    let share = 1 / Double(samples)
    return ImportanceScores(
      logLikelihood: weights.map(\.value), reconstruction: reconstruction.map { $0 * share },
      fields: fields.map { $0.map { $0 * share } },
      details: details.map { $0.map { $0 * share } }, flowGain: gains.map { $0 * share })
  }

  private func write(_ recognised: Recognised, to program: CompiledModel) {
    let parts: [(GaussianPart, [Float])] = [
      (.mean, recognised.mean), (.logVariance, recognised.logVariance),
      (.priorMean, recognised.priorMean), (.priorLogVariance, recognised.priorLogVariance),
    ]
    for (part, values) in parts {
      program.withInput(.gaussian(part)) { _ = $0.update(from: values) }
    }
    for input in generated {
      guard let values = recognised.binarized[input.name] else { continue }
      program.withInput(.field(input, .own)) { _ = $0.update(from: values) }
    }
  }

  private func add(_ output: OutputSlot, of program: CompiledModel, to sums: inout [Double]) {
    program.withOutput(output) { values in
      for row in 0..<batch { sums[row] += Double(values[row]) }
    }
  }
}

/// The logarithm of the mean of exponentials, updated with each of them, without overflow.
struct LogMeanExp {
  private var largest = -Double.infinity
  /// Σ e^(x − largest).
  private var sum = 0.0
  private var count = 0

  /// Adds the exponential of `x`.
  mutating func add(_ x: Double) {
    count += 1
    if x <= largest {
      sum += x == largest ? 1 : exp(x - largest)
    } else {
      sum = largest == -.infinity ? 1 : sum * exp(largest - x) + 1
      largest = x
    }
    if x.isNaN { sum = .nan }
  }

  /// log (1/count Σ eˣ).
  var value: Double { largest + log(sum / Double(count)) }
}
