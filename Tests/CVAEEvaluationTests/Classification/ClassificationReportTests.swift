import ConditionalData
import Foundation
import RecordTypes
import Testing

@testable import CVAEEvaluation

/// Scores of a classification, computed by hand.
@Suite struct ClassificationReportTests {
  /// p(a) of each record; p(b) is the rest.
  private func report(_ probabilities: [Double], _ levels: [Int32?]) -> ClassificationReport {
    ClassificationReport(
      Classification(
        field: Field(name: "kind", kind: .category(levels: ["a", "b"])),
        records: probabilities.indices.map(Int32.init),
        logProbabilities: probabilities.flatMap { [log($0), log(1 - $0)] }, samples: 2,
        shares: [0.25, 0.75]), levels: levels, split: "test")
  }

  private func expect(
    _ found: Double?, near wanted: Double, at location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try #require(found, sourceLocation: location)
    #expect(abs(found - wanted) < 1e-12, "\(found)", sourceLocation: location)
  }

  @Test func scores() throws {
    // Found: a, a, b, b, a; the last record has no level.
    let report = report([0.9, 0.8, 0.3, 0.05, 0.6], [0, 1, 1, 1, nil])
    #expect(report.records == 5)
    #expect(report.labelled == 4)
    #expect(report.unknownLevels == 0)
    #expect(report.accuracy?.mean == 0.75)
    // Every a is found, and two of three b.
    try expect(report.balancedAccuracy, near: 5.0 / 6)
    let product: Double = 0.9 * 0.2 * 0.7 * 0.95
    try expect(report.logLoss?.mean, near: -log(product) / 4)
    // Four intervals with a record each.
    let gaps: [Double] = [0.1, 0.8, 0.3, 0.05]
    try expect(report.expectedCalibrationError, near: gaps.reduce(0, +) / 4)
    let baseline = try #require(report.baseline)
    #expect(baseline.level == "b")
    #expect(baseline.accuracy == 0.75)
    #expect(baseline.balancedAccuracy == 0.5)
    let shares: Double = 0.25 * 0.75 * 0.75 * 0.75
    try expect(baseline.logLoss, near: -log(shares) / 4)
  }

  /// Two records of one interval: 0.75 of confidence, and half of them right.
  @Test func calibrationIsOverIntervals() throws {
    try expect(report([0.74, 0.76], [0, 1]).expectedCalibrationError, near: 0.25)
    // 11/15 lies between these two.
    try expect(report([0.73, 0.74], [0, 1]).expectedCalibrationError, near: (0.27 + 0.74) / 2)
    let sure = 1 - 1e-14
    try expect(report([sure, sure], [0, 0]).expectedCalibrationError, near: 0)
  }

  @Test func unknownLevelsAreWrong() throws {
    let report = report([0.9, 0.9], [0, 2])
    #expect(report.unknownLevels == 1)
    #expect(report.accuracy?.mean == 0.5)
    #expect(report.balancedAccuracy == 0.5)
    try expect(report.logLoss?.mean, near: -log(0.9))
    #expect(report.baseline?.accuracy == 0)
  }

  @Test func withoutLevelsThereAreNoScores() throws {
    let report = report([0.9], [nil])
    #expect(report.labelled == 0)
    #expect(
      try report.json
        == #"{"accuracy":null,"balancedAccuracy":null,"baseline":null,"expectedCalibrationError":null,"#
        + #""field":"kind","labelled":0,"logLoss":null,"records":1,"samples":2,"split":"test","unknownLevels":0}"#
    )
    #expect(
      report.table
        == "records                       1 (test), 0 of them with a known 'kind'\n"
        + "importance samples            2 for each record and level")
  }

  @Test func tableComparesWithTheBaseline() {
    let lines = report([0.9, 0.8], [0, 1]).table.split(separator: "\n")
    #expect(lines.contains { $0.hasSuffix("model          always 'b'") })
    #expect(
      lines.contains {
        $0.hasPrefix("accuracy ") && $0.hasSuffix(" 0.5000 ± 0.5000              0.5000")
      })
    #expect(lines.contains { $0.hasPrefix("log loss, nats ") })
  }
}
