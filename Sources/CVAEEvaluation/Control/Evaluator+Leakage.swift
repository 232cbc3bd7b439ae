import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph

extension Evaluator {
  /// Probes for a category in samples of the latent space, trained on at most `mostTraining`
  /// training records and scored on at most half as many test records.
  func leakage(
    of category: Field, records: ControlRecords, mostTraining: Int
  ) throws -> Leakage {
    let parts = [
      ControlRecords.sample(
        records.train, count: mostTraining, purpose: "probe training", seed: model.seed),
      ControlRecords.sample(
        records.test, count: max(1, mostTraining / 2), purpose: "probe test", seed: model.seed),
    ]
    let samples = try parts.map { try latentSample(records.data, records: $0) }
    let levels = parts.map { records.levels(of: $0) }
    func probes(_ space: KeyPath<LatentSample, [Float]>) throws -> Leakage.Probes {
      let rows = zip(samples, levels).map {
        LatentRows(values: $0[keyPath: space], width: $0.latent, levels: $1)
      }
      func accuracy(_ hidden: [Int]) throws -> Estimate {
        try Probe.accuracy(
          hidden: hidden, train: rows[0], test: rows[1], levels: category.levels.count,
          seed: model.seed, executor: executor)
      }
      return Leakage.Probes(linear: try accuracy([]), nonlinear: try accuracy([64]))
    }
    return Leakage(
      chance: Leakage.largestShare(levels[1]), style: try probes(\.style),
      latent: try probes(\.z))
  }

  /// One sample of q(z | x, y) for each record, and its style.
  func latentSample(_ data: DataSet, records: [Int32]) throws -> LatentSample {
    let session = try makeSession()
    let batch = min(batch, records.count)
    let pass = try RecognitionPass(model, data: data, session: session, batch: batch)
    let latent = model.model.configuration.latent
    let position = RandomPosition(seed: model.seed, step: 0)
    let purpose = RandomPurpose("leakage")
    var sample = LatentSample(latent: latent)
    for rows in BatchRows(records, batch: batch) {
      let recognised = try pass.run(rows)
      let z = (0..<batch * latent).map { index in
        let noise = position.normal(
          purpose, record: UInt32(bitPattern: rows.records[index / latent]),
          column: index % latent)
        return recognised.mean[index]
          + exp(recognised.logVariance[index] / 2) * Float(noise)
      }
      let style = Style.style(
        of: z, priorMean: recognised.priorMean, priorLogVariance: recognised.priorLogVariance)
      sample.z += z.prefix(rows.count * latent)
      sample.style += style.prefix(rows.count * latent)
    }
    return sample
  }
}

/// Samples of the posterior, `[records, latent]`.
struct LatentSample {
  let latent: Int
  var z: [Float] = []
  var style: [Float] = []
}
