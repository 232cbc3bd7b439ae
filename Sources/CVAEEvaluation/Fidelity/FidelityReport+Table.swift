import Foundation

extension FidelityReport {
  /// The report as text in aligned columns, for people: each figure beside what real rows reach.
  public var table: String {
    let rows = self.rows
    let head = [
      "rows                            \(rows.train) training, \(rows.heldOut) held out, "
        + "\(rows.synthetic) synthetic",
      "",
    ]
    return (head + columnLines + [""] + likenessLines + [""] + utilityLines + [""] + privacyLines)
      .joined(separator: "\n")
  }

  private var columnLines: [String] {
    let width = min(max(28, (columns.map(\.name.count).max() ?? 0) + 2), 60)
    func line(_ name: String, _ cells: [String]) -> String {
      let shown = name.count > width - 2 ? name.prefix(width - 3) + "…" : name[...]
      return Self.padded(String(shown), width, left: true)
        + zip(cells, [14, 12, 16, 12]).map { Self.padded($0, $1) }.joined()
    }
    let missing = columns.contains { $0.missingReal > 0 || $0.missingSynthetic > 0 }
    func shown(_ cells: [String]) -> [String] { missing ? cells : Array(cells.prefix(2)) }
    let lines = columns.map { column in
      line(
        "  " + column.name,
        shown([
          Self.number(column.distance), Self.number(column.baseline),
          Self.percent(column.missingReal), Self.percent(column.missingSynthetic),
        ]))
    }
    return [
      line(
        "distance to held-out rows", shown(["synthetic", "training", "missing: real", "synthetic"]))
    ] + lines + [
      line(
        "  mean of \(columns.count)",
        [Self.number(meanColumnDistance), Self.number(meanColumnBaseline)])
    ]
  }

  private var likenessLines: [String] {
    [
      Self.row("between columns", "synthetic", "training"),
      Self.row(
        "  difference of correlations", correlationDifference.map(Self.number) ?? "none",
        correlationBaseline.map(Self.number) ?? "none"),
      Self.row("told apart from real, AUC", Self.number(detectionAUC), "0.500"),
    ]
  }

  private var utilityLines: [String] {
    [Self.row("predicting held-out rows from", "synthetic", "training")]
      + utility.map { utility in
        Self.row(
          "  \(utility.target), \(utility.measure.words)",
          utility.trainedOnSynthetic.map(Self.number) ?? "none",
          Self.number(utility.trainedOnReal))
      }
  }

  private var privacyLines: [String] {
    [
      Self.row("privacy", "synthetic", "held-out"),
      Self.row("  nearer to training rows", Self.percent(privacy.nearerToTraining), "50.0 %"),
      Self.row(
        "  equal to a training row", Self.percent(privacy.copies),
        Self.percent(privacy.copiesHeldOut)),
      Self.row(
        "  rare training rows exposed", privacy.rareRowsExposed.map(Self.percent) ?? "none",
        privacy.rareRowsExposedHeldOut.map(Self.percent) ?? "none"),
    ]
  }

  private static func row(_ name: String, _ synthetic: String, _ real: String) -> String {
    padded(name, 44, left: true) + padded(synthetic, 14) + padded(real, 14)
  }

  private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
    let space = String(repeating: " ", count: max(left ? 1 : 0, width - text.count))
    return left ? text + space : space + text
  }

  private static func number(_ value: Double) -> String { String(format: "%.3f", value) }

  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}

extension UtilityMeasure {
  /// As people write it.
  var words: String {
    switch self {
    case .determination: "R²"
    case .determinationOfLogarithm: "R² of the logarithm"
    case .balancedAccuracy: "balanced accuracy"
    }
  }
}
