import CVAEGeneration
import CVAEModels
import CVAETraining
import Foundation
import RecordTypes

/// Collects what a report says, record by record, in `Double`.
struct ReportTally {
  private let model: TrainedModel
  private let units: ScoreUnits
  private let samples: Int
  private var elbo: ClusteredMean
  private var logLikelihood: ClusteredMean
  private var divergence: ClusteredMean
  private var reconstruction: ClusteredMean
  private var bits: ClusteredMean
  private var exchanged: ClusteredMean
  private var textBytes = 0
  private var fields: [ClusteredMean]
  private var divergences: [Moments]
  private var means: [Moments]
  private var details: [Moments]
  private var gains = Moments()

  /// - Parameter groups: How many groups the records form, where they share z; nil for none.
  init(model: TrainedModel, units: ScoreUnits, samples: Int, groups: Int? = nil) {
    let mean = ClusteredMean(clusters: groups)
    (elbo, logLikelihood, divergence, reconstruction, bits) = (mean, mean, mean, mean, mean)
    exchanged = mean
    self.model = model
    self.units = units
    self.samples = samples
    let latent = model.model.configuration.latent
    fields = Array(repeating: mean, count: units.count)
    divergences = Array(repeating: Moments(), count: latent)
    means = divergences
    details = model.model.detailLevels.map { _ in Moments() }
  }

  /// Adds the rows of a batch that count.
  ///
  /// - Parameters:
  ///   - exchanged: The scores of the same rows, each decoded from the z of another one.
  ///   - groups: The group of each row, and what part of its divergence the row bears; nil where records have no
  ///     groups.
  mutating func add(
    _ recognised: Recognised, _ scores: ImportanceScores, rows: BatchRows.Rows, source: String,
    exchanged others: ImportanceScores? = nil, groups: [(place: Int, share: Double)]? = nil
  ) throws {
    for row in 0..<rows.count {
      let offsets = units.offsets(of: rows.records[row])
      let offset = offsets.reduce(0, +)
      var total = 0.0
      for dimension in divergences.indices {
        let nats =
          recognised.divergence(row: row, dimension: dimension) * (groups?[row].share ?? 1)
        total += nats
        divergences[dimension].add(nats)
        means[dimension].add(Double(recognised.mean[row * recognised.latent + dimension]))
      }
      if !scores.flowGain.isEmpty {
        total -= scores.flowGain[row] * (groups?[row].share ?? 1)
        gains.add(scores.flowGain[row] * (groups?[row].share ?? 1))
      }
      for level in details.indices {
        total += scores.details[level][row]
        details[level].add(scores.details[level][row])
      }
      let bound = scores.logLikelihood[row] + offset
      let decoded = scores.reconstruction[row] + offset
      guard bound.isFinite, decoded.isFinite, total.isFinite else {
        throw EvaluationFailure.notFinite(record: Int(rows.records[row]), source: source)
      }
      let place = groups?[row].place
      elbo.add(decoded - total, cluster: place)
      logLikelihood.add(bound, cluster: place)
      divergence.add(total, cluster: place)
      reconstruction.add(decoded, cluster: place)
      if let others {
        exchanged.add(scores.reconstruction[row] - others.reconstruction[row], cluster: place)
      }
      textBytes += units.textBytes(of: rows.records[row])
      if let scale = units.bits { bits.add(scale.bits(bound), cluster: place) }
      for field in fields.indices {
        fields[field].add(scores.fields[field][row] + offsets[field], cluster: place)
      }
    }
  }

  /// What was collected.
  func report(split: String) -> EvaluationReport {
    let names = model.model.generatedInputs.map(\.name)
    let bitsPerByte = textBytes > 0 ? -Double(elbo.count) / Double(textBytes) / log(2) : nil
    return EvaluationReport(
      split: split, records: elbo.count, samples: samples, elbo: elbo.estimate,
      logLikelihood: logLikelihood.estimate, kl: divergence.estimate,
      reconstruction: reconstruction.estimate,
      fields: Dictionary(uniqueKeysWithValues: zip(names, fields.map(\.estimate))),
      klPerDimension: divergences.map(\.mean),
      klByLevel: details.isEmpty
        ? nil
        : [
          EvaluationReport.LevelDivergence(
            level: "z", kl: divergences.reduce(-gains.mean) { $0 + $1.mean })
        ]
          + zip(model.model.detailLevels, details).map { level, moments in
            EvaluationReport.LevelDivergence(level: "\(level.extent)", kl: moments.mean)
          },
      activeUnits: means.count { $0.populationVariance > EvaluationReport.activeVariance },
      bitsPerDimension: units.bits.map { _ in bits.estimate },
      bitsPerByte: bitsPerByte.map { factor in
        let bound = logLikelihood.estimate
        return Estimate(
          mean: bound.mean * factor, standardError: bound.standardError.map { abs($0 * factor) })
      },
      exchangedLatentLoss: exchanged.count > 0 ? exchanged.estimate : nil,
      greyFields: units.greyFields)
  }
}
