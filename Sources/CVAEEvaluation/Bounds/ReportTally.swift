import CVAEModels
import CVAETraining
import RecordSchema

/// Collects what a report says, record by record, in `Double`.
struct ReportTally {
  private let model: TrainedModel
  private let units: ScoreUnits
  private let samples: Int
  private var elbo = Moments()
  private var logLikelihood = Moments()
  private var divergence = Moments()
  private var reconstruction = Moments()
  private var bits = Moments()
  private var fields: [Moments]
  private var divergences: [Moments]
  private var means: [Moments]

  init(model: TrainedModel, units: ScoreUnits, samples: Int) {
    self.model = model
    self.units = units
    self.samples = samples
    let latent = model.model.configuration.latent
    fields = Array(repeating: Moments(), count: units.offsets.count)
    divergences = Array(repeating: Moments(), count: latent)
    means = divergences
  }

  /// Adds the rows of a batch that count.
  ///
  /// - Parameter shares: What part of its divergence each row bears; nil for the whole.
  mutating func add(
    _ recognised: Recognised, _ scores: ImportanceScores, rows: BatchRows.Rows, source: String,
    shares: [Double]? = nil
  ) throws {
    let offset = units.offsets.reduce(0, +)
    for row in 0..<rows.count {
      var total = 0.0
      for dimension in divergences.indices {
        let nats =
          recognised.divergence(row: row, dimension: dimension) * (shares?[row] ?? 1)
        total += nats
        divergences[dimension].add(nats)
        means[dimension].add(Double(recognised.mean[row * recognised.latent + dimension]))
      }
      let bound = scores.logLikelihood[row] + offset
      let decoded = scores.reconstruction[row] + offset
      guard bound.isFinite, decoded.isFinite, total.isFinite else {
        throw EvaluationFailure.notFinite(record: Int(rows.records[row]), source: source)
      }
      elbo.add(decoded - total)
      logLikelihood.add(bound)
      divergence.add(total)
      reconstruction.add(decoded)
      if let scale = units.bits { bits.add(scale.bits(bound)) }
      for field in fields.indices {
        fields[field].add(scores.fields[field][row] + units.offsets[field])
      }
    }
  }

  /// What was collected.
  func report(split: String) -> EvaluationReport {
    let names = model.model.generatedInputs.map(\.field.name)
    return EvaluationReport(
      split: split, records: elbo.count, samples: samples, elbo: elbo.estimate,
      logLikelihood: logLikelihood.estimate, kl: divergence.estimate,
      reconstruction: reconstruction.estimate,
      fields: Dictionary(uniqueKeysWithValues: zip(names, fields.map(\.estimate))),
      klPerDimension: divergences.map(\.mean),
      activeUnits: means.count { $0.populationVariance > EvaluationReport.activeVariance },
      bitsPerDimension: units.bits.map { _ in bits.estimate }, greyFields: units.greyFields)
  }
}

/// Mean and variance of numbers, kept while they come.
///
/// - Source: Welford, *Note on a Method for Calculating Corrected Sums of Squares and Products*,
///   1962.
struct Moments {
  private(set) var count = 0
  private(set) var mean = 0.0
  private var squares = 0.0

  mutating func add(_ x: Double) {
    count += 1
    let distance = x - mean
    mean += distance / Double(count)
    squares += distance * (x - mean)
  }

  /// With the number of values as divisor.
  var populationVariance: Double { count > 0 ? squares / Double(count) : 0 }

  /// The mean, with √(s²/n) as its standard error.
  var estimate: Estimate {
    let error = count > 1 ? (squares / Double(count - 1) / Double(count)).squareRoot() : nil
    return Estimate(mean: mean, standardError: error)
  }
}
