import ConditionalData
import Foundation

extension ControlReport {
  /// The report as text, for a terminal.
  public var table: String { tables.text }

  /// The report for people: what was measured, the figure ± its standard error, and what to compare it with.
  public var tables: [ResultTable] {
    [verdict, copies, leakage.table(of: field), own, levels, strengths].compactMap(\.self)
  }

  /// Below this accuracy of the classifier, a caution is added.
  private static let trustedAccuracy = 0.7

  private var verdict: ResultTable {
    let accuracy = classifier.testAccuracy.mean
    let caution =
      accuracy >= Self.trustedAccuracy
      ? ""
      : String(
        format: "caution: the classifier itself errs on %.0f %% of real pictures, so its verdict "
          + "on generated ones, the diversity and the Fréchet distance mean little; more labelled "
          + "pictures would help.", 100 * (1 - accuracy))
    return Self.table(
      "control of '\(field)', judged by a classifier that learned from real training pictures",
      [
        Self.line(
          "generated as requested", self.accuracy, unit: "share",
          meaning: "Generated pictures in which the classifier sees the requested level: higher "
            + "is better."),
        Self.line(
          "real test pictures, as labelled", classifier.testAccuracy, unit: "share",
          meaning: "The same for real pictures, which is what generated ones can be expected to "
            + "reach."),
        Self.line(
          "diversity, 1 as the real ones", diversity,
          meaning: "How much pictures of a level differ from each other: below 1, less than real "
            + "ones."),
        Self.line(
          "Fréchet distance to real pictures", frechetDistance,
          meaning: "How far generated pictures lie from real ones in the classifier's eyes: lower "
            + "is better."),
        Self.line(
          "between real and real", frechetDistanceOfReal, depth: 2,
          meaning: "The same between two halves of the real pictures: nothing better can be "
            + "expected."),
      ],
      reading:
        "Behind ± stands a figure's standard error, here and below: differences of less than "
        + "two or three of them may be chance.", note: caution)
  }

  private var copies: ResultTable? {
    guard let memorisation else { return nil }
    return Self.table(
      "distance to the nearest training picture",
      [
        Self.line(
          "of generated pictures", memorisation.generated,
          meaning: "Near 0, pictures are copies; a little less than real ones is no sign of it, "
            + "as generated pictures are smoother."),
        Self.line(
          "of real test pictures", memorisation.test,
          meaning: "How near pictures come that the model has never seen."),
        Self.line(
          "generated nearer than 99 % of real", memorisation.nearShare, unit: "share",
          meaning: "Far more than 0.01 are a sign of copies."),
      ])
  }

  private var own: ResultTable {
    let tested = "\(classification.records) records, \(classification.samples) samples each"
    return ResultTable(
      "what the model itself recognises",
      lines: [
        ResultTable.Line(
          "classified by the model itself", [classification.accuracy.text, tested], depth: 1,
          unit: "share",
          meaning: "Real records whose level the model finds by its own bound: higher is better.")
      ], names: 38, widths: [20, tested.count + 3])
  }

  private var levels: ResultTable {
    ResultTable(
      "level by level", heading: "level", columns: ["as requested", "real", "diversity"],
      lines: perLevel.map { level in
        ResultTable.Line(
          level.name, [level.accuracy, level.testAccuracy, level.diversity].map(\.text))
      },
      reading: "As above, for each level: the share of generated and of real pictures in which "
        + "the classifier sees it, and the diversity of the generated ones.",
      names: 22, widths: [20])
  }

  /// Nil without a curve.
  private var strengths: ResultTable? {
    guard let curve else { return nil }
    return ResultTable(
      "pictures by --control: 0 hides the condition from the decoder, 1 is as trained",
      printsTitle: true, heading: "control", columns: ["as requested", "diversity"],
      lines: curve.points.map { point in
        ResultTable.Line(
          String(format: "%g", point.strength), [point.accuracy, point.diversity].map(\.text))
      },
      reading: "More control gains pictures as requested and costs diversity.", names: 22,
      widths: [20])
  }

  private static func table(
    _ title: String, _ lines: [ResultTable.Line], reading: String = "", note: String = ""
  ) -> ResultTable {
    ResultTable(
      title, printsTitle: true, lines: lines, reading: reading, note: note, names: 38,
      widths: [20])
  }

  private static func line(
    _ name: String, _ estimate: Estimate?, depth: Int = 1, unit: String = "", meaning: String
  ) -> ResultTable.Line {
    ResultTable.Line(name, [estimate.text], depth: depth, unit: unit, meaning: meaning)
  }
}
