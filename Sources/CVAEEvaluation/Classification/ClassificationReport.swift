import CVAETraining
public import ConditionalData
import Foundation
import RecordTypes

/// How well a model finds the level that records have.
///
/// Scores are over the records whose level is known. A level that the model doesn't know is always wrong. Scores are
/// nil where no record has a level.
public struct ClassificationReport: Hashable, Sendable, Encodable {
  /// What always the same answer would reach: the level that is most frequent in the training records, with the
  /// levels' shares there as probabilities.
  public struct Baseline: Hashable, Sendable, Encodable {
    /// That level.
    public let level: String
    /// The share of records that have it.
    public let accuracy: Double
    /// The mean of the levels' recalls.
    public let balancedAccuracy: Double
    /// Nats; nil where the model knows no record's level.
    @NullIfUnknown public var logLoss: Double?

    fileprivate init(_ classification: Classification, _ tally: ClassificationTally) {
      let shares = classification.shares
      let most = shares.indices.reduce(0) { shares[$1] > shares[$0] ? $1 : $0 }
      level = classification.field.levels[most]
      let own = tally.perLevel[most]?.count ?? 0
      accuracy = Double(own) / Double(tally.hits.count)
      balancedAccuracy = own == 0 ? 0 : 1 / Double(tally.perLevel.count)
      let total = shares.indices.reduce(0.0) { sum, level in
        sum - Double(tally.perLevel[level]?.count ?? 0) * log(shares[level])
      }
      _logLoss = NullIfUnknown(
        wrappedValue: tally.losses.count > 0 ? total / Double(tally.losses.count) : nil)
    }
  }

  /// The category.
  public let field: String
  /// What the records are called.
  public let split: String
  /// The records that were classified.
  public let records: Int
  /// Those of them whose level is known.
  public let labelled: Int
  /// Those of them whose level the model doesn't know.
  public let unknownLevels: Int
  /// Importance samples for each record and level.
  public let samples: Int
  /// The share of records whose likeliest level is theirs.
  @NullIfUnknown public var accuracy: Estimate?
  /// The mean, over the levels that records have, of the share of their records that are found.
  @NullIfUnknown public var balancedAccuracy: Double?
  /// The mean of −log p(a record's level), nats, over the records whose level the model knows.
  @NullIfUnknown public var logLoss: Estimate?
  /// By how much the probability of the likeliest level differs from how often it is right: the mean over
  /// 15 equal intervals of probability, weighted with their records.
  ///
  /// - Source: Guo, Pleiss, Sun and Weinberger, *On Calibration of Modern Neural Networks*, 2017.
  @NullIfUnknown public var expectedCalibrationError: Double?
  /// What to compare accuracy and log loss with.
  @NullIfUnknown public var baseline: Baseline?

  /// Compares a classification with the levels that its records have in their data.
  ///
  /// Data that have other levels than the model are read by ``DataSet/load(_:schemaFile:for:keepingUnknownOf:readers:)``.
  ///
  /// - Parameter split: What the records are called.
  /// - Throws: `TrainingFailure` for data in which the field is no category with the model's levels.
  public init(_ classification: Classification, of data: DataSet, split: String = "all") throws {
    var levels = [Int32?](repeating: nil, count: classification.records.count)
    if let column = data.records[classification.field.name] {
      let (wanted, found) = (
        classification.field, try data.schema.field(classification.field.name)
      )
      let own = found.levels.prefix(wanted.levels.count).map(ByteText.init)
      guard own == wanted.levels.map(ByteText.init) else {
        throw TrainingFailure.fieldDiffers(
          field: wanted.name, expected: wanted.kind.summary, actual: found.kind.summary)
      }
      levels = classification.records.map { column.level(Int($0)) }
    }
    self.init(classification, levels: levels, split: split)
  }

  /// - Parameter levels: Of each record, nil where it has none; those from the number of levels on are unknown to
  ///   the model.
  init(_ classification: Classification, levels: [Int32?], split: String) {
    let known = classification.field.levels.count
    field = classification.field.name
    self.split = split
    records = classification.records.count
    samples = classification.samples
    var tally = ClassificationTally()
    for (row, level) in levels.enumerated() {
      guard let level = level.map(Int.init) else { continue }
      let own = classification.logProbabilities(of: row)
      let found = classification.level(of: row)
      tally.add(
        level: level, found: found, confidence: exp(own[own.startIndex + found]),
        logProbability: level < known ? own[own.startIndex + level] : nil)
    }
    labelled = tally.hits.count
    unknownLevels = labelled - tally.losses.count
    let (isScored, hasLosses) = (labelled > 0, tally.losses.count > 0)
    _accuracy = NullIfUnknown(wrappedValue: isScored ? tally.hits.estimate : nil)
    _balancedAccuracy = NullIfUnknown(wrappedValue: isScored ? tally.balancedAccuracy : nil)
    _logLoss = NullIfUnknown(wrappedValue: hasLosses ? tally.losses.estimate : nil)
    _expectedCalibrationError = NullIfUnknown(
      wrappedValue: isScored ? tally.expectedCalibrationError : nil)
    _baseline = NullIfUnknown(wrappedValue: isScored ? Baseline(classification, tally) : nil)
  }

  /// One JSON object on one line, keys sorted.
  public var json: String { get throws { try jsonLine } }

  /// The report in words, in aligned columns, for people.
  public var table: String {
    var lines = [
      "records                       \(records) (\(split)), "
        + "\(labelled) of them with a known '\(field)'",
      "importance samples            \(samples) for each record and level",
    ]
    guard let accuracy, let balancedAccuracy, let expectedCalibrationError, let baseline else {
      return lines.joined(separator: "\n")
    }
    func row(_ name: String, _ value: String, _ always: String) {
      lines.append(TextTable.row(name, 30, [value, always], [20]))
    }
    func text(_ estimate: Estimate) -> String {
      estimate.mean.text(4) + (estimate.standardError.map { " ± \($0.text(4))" } ?? "")
    }
    lines.append("")
    row("", "model", "always '\(baseline.level)'")
    row("accuracy", text(accuracy), baseline.accuracy.text(4))
    row("balanced accuracy", balancedAccuracy.text(4), baseline.balancedAccuracy.text(4))
    row(
      "log loss, nats", logLoss.map(text) ?? "unknown", baseline.logLoss?.text(4) ?? "unknown")
    row("expected calibration error", expectedCalibrationError.text(4), "")
    return lines.joined(separator: "\n")
  }
}

/// Collects what a report says, record by record.
private struct ClassificationTally {
  /// 1 for a record whose level was found, else 0.
  private(set) var hits = Moments()
  /// −log p of the levels that the model knows.
  private(set) var losses = Moments()
  /// Hits by level; their number is that of the level's records.
  private(set) var perLevel: [Int: Moments] = [:]
  /// Hits and confidences by interval of confidence.
  private var bins = [(hits: Moments, confidences: Moments)](
    repeating: (Moments(), Moments()), count: Self.binCount)

  private static let binCount = 15

  mutating func add(level: Int, found: Int, confidence: Double, logProbability: Double?) {
    let hit: Double = level == found ? 1 : 0
    hits.add(hit)
    perLevel[level, default: Moments()].add(hit)
    if let logProbability { losses.add(-logProbability) }
    // Intervals contain their upper end.
    let bin = Int((confidence * Double(Self.binCount)).rounded(.up)) - 1
    let place = min(max(bin, 0), Self.binCount - 1)
    bins[place].hits.add(hit)
    bins[place].confidences.add(confidence)
  }

  var balancedAccuracy: Double {
    // In one order, so that equal calls give equal sums.
    let recalls = perLevel.sorted { $0.key < $1.key }.map(\.value.mean)
    return recalls.reduce(0, +) / Double(max(1, recalls.count))
  }

  var expectedCalibrationError: Double {
    bins.reduce(0) { sum, bin in
      sum + Double(bin.hits.count) * abs(bin.hits.mean - bin.confidences.mean)
    } / Double(max(1, hits.count))
  }
}
