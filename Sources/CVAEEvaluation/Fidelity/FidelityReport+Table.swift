import ConditionalData

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
      return TextTable.row(String(shown), width, cells, 14, 12, 16, 12)
    }
    let missing = columns.contains { $0.missingReal > 0 || $0.missingSynthetic > 0 }
    func shown(_ cells: [String]) -> [String] { missing ? cells : Array(cells.prefix(2)) }
    let lines = columns.map { column in
      line(
        "  " + column.name,
        shown([
          column.distance.text(3), column.baseline.text(3), column.missingReal.percent,
          column.missingSynthetic.percent,
        ]))
    }
    return [
      line(
        "distance to held-out rows", shown(["synthetic", "training", "missing: real", "synthetic"]))
    ] + lines + [
      line("  mean of \(columns.count)", [meanColumnDistance.text(3), meanColumnBaseline.text(3)])
    ]
  }

  private var likenessLines: [String] {
    [
      Self.row("between columns", "synthetic", "training"),
      Self.row(
        "  difference of correlations", correlationDifference?.text(3) ?? "none",
        correlationBaseline?.text(3) ?? "none"),
      Self.row("told apart from real, AUC", detectionAUC.text(3), "0.500"),
    ]
  }

  private var utilityLines: [String] {
    [Self.row("predicting held-out rows from", "synthetic", "training")]
      + utility.map { utility in
        Self.row(
          "  \(utility.target), \(utility.measure.words)",
          utility.trainedOnSynthetic?.text(3) ?? "none", utility.trainedOnReal.text(3))
      }
  }

  private var privacyLines: [String] {
    [
      Self.row("privacy", "synthetic", "held-out"),
      Self.row("  nearer to training rows", privacy.nearerToTraining.percent, "50.0 %"),
      Self.row(
        "  equal to a training row", privacy.copies.percent, privacy.copiesHeldOut.percent),
      Self.row(
        "  rare training rows exposed", privacy.rareRowsExposed?.percent ?? "none",
        privacy.rareRowsExposedHeldOut?.percent ?? "none"),
    ]
  }

  private static func row(_ name: String, _ synthetic: String, _ real: String) -> String {
    TextTable.row(name, 44, [synthetic, real], 14)
  }
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
