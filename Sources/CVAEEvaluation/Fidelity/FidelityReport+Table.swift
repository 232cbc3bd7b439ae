import ConditionalData

extension FidelityReport {
  /// The report as text in aligned columns, for a terminal.
  public var table: String { tables.text }

  /// The report for people: each figure beside what real rows reach.
  public var tables: [ResultTable] {
    [compared, columnDistances, likeness, usefulness, disclosure].compactMap(\.self)
  }

  private var compared: ResultTable {
    let real =
      rows.train.map { "\($0) training, \(rows.heldOut) held out" } ?? "\(rows.heldOut) real"
    return ResultTable(
      "what is compared",
      lines: [ResultTable.Line("rows", ["\(real), \(rows.synthetic) synthetic"], isText: true)],
      note: rows.train != nil
        ? ""
        : "The synthetic rows were learned from other data, so all rows of this table are "
          + "compared with them, and what needs training records is left out: the figures that "
          + "those reach, privacy, and the filling of missing cells.", names: 32)
  }

  /// The figures of synthetic rows, and of training rows where these are known.
  private func cells(_ synthetic: String, _ training: String?) -> [String] {
    rows.train == nil ? [synthetic] : [synthetic, training ?? "none"]
  }

  private var columnDistances: ResultTable {
    let isMissing = columns.contains { $0.missingReal > 0 || $0.missingSynthetic > 0 }
    let chance =
      rows.train == nil
      ? ""
      : " Training rows are other real rows: their distance arises by chance alone, and nothing "
        + "better can be expected."
    return ResultTable(
      "the distribution of each column",
      heading: rows.train == nil ? "distance to real rows" : "distance to held-out rows",
      columns: cells("synthetic", "training")
        + (isMissing
          ? [
            "missing: real",
            "missing: "
              + "synthetic",
          ] : []),
      lines: columns.map { column in
        ResultTable.Line(
          column.name,
          cells(column.distance.text(3), column.baseline?.text(3))
            + (isMissing ? [column.missingReal.percent, column.missingSynthetic.percent] : []),
          depth: 1)
      } + [
        ResultTable.Line(
          "mean of \(columns.count)",
          cells(meanColumnDistance.text(3), meanColumnBaseline?.text(3)), depth: 1)
      ],
      reading: "The largest difference of two columns' shares, from 0 for equal distributions to "
        + "1 for disjoint ones: lower is better. It is Kolmogorov and Smirnov's statistic for "
        + "numbers, and the total variation for categories.\(chance)",
      names: min(max(28, (columns.map(\.name.count).max() ?? 0) + 2), 60),
      widths: rows.train == nil ? [14, 16, 20] : [14, 12, 16, 20])
  }

  private var likeness: ResultTable {
    ResultTable(
      "how columns go together", heading: "between columns",
      columns: cells("synthetic", "training"),
      lines: [
        ResultTable.Line(
          "difference of correlations",
          cells(correlationDifference?.text(3) ?? "none", correlationBaseline?.text(3)), depth: 1,
          meaning: "How far correlations of columns differ from those in real rows, on average: 0 "
            + "is the best."),
        ResultTable.Line(
          "told apart from real, AUC", cells(detectionAUC.text(3), "0.500"),
          meaning: "How often a learner finds a synthetic row more likely synthetic than a real "
            + "one: 0.5 is a guess and the best, 1 means always."),
      ])
  }

  private var usefulness: ResultTable? {
    guard !utility.isEmpty else { return nil }
    return ResultTable(
      "what can be learned from synthetic rows",
      heading: "predicting \(rows.train == nil ? "real" : "held-out") rows from",
      columns: cells("synthetic", "training"),
      lines: utility.map { utility in
        ResultTable.Line(
          "\(utility.target), \(utility.measure.words)",
          cells(
            utility.trainedOnSynthetic?.text(3) ?? "none", utility.trainedOnReal?.text(3)),
          depth: 1, meaning: utility.measure.meaning)
      },
      reading: "Trees learn from rows to predict one column from the others, and are scored on "
        + "real rows that they have not seen."
        + (rows.train == nil
          ? "" : " Good synthetic rows teach as much as the same number of training rows."))
  }

  private var disclosure: ResultTable? {
    guard let privacy else { return nil }
    return ResultTable(
      "whether training rows are given away", heading: "privacy",
      columns: ["synthetic", "held-out"],
      lines: [
        ResultTable.Line(
          "nearer to training rows", [privacy.nearerToTraining.percent, "50.0 %"], depth: 1,
          meaning: "Rows that lie nearer to a training row than to any held-out one: far more "
            + "than half of them give training rows away."),
        ResultTable.Line(
          "equal to a training row", [privacy.copies.percent, privacy.copiesHeldOut.percent],
          depth: 1, meaning: "Far more of them than of held-out rows means copies."),
        ResultTable.Line(
          "rare training rows exposed",
          [
            privacy.rareRowsExposed?.percent ?? "none",
            privacy.rareRowsExposedHeldOut?.percent ?? "none",
          ], depth: 1,
          meaning: "Of the training rows that stand most alone, those to which some row comes "
            + "near: more than by held-out rows is a sign that they were learned by heart."),
      ],
      reading: "Compare synthetic rows with held-out ones, which know nothing of training "
        + "rows. None of these figures is a proof of privacy.")
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

  /// A sentence on which numbers are good.
  fileprivate var meaning: String {
    switch self {
    case .determination: "1 is perfect, 0 no better than the column's mean."
    case .determinationOfLogarithm: "The same for relative errors."
    case .balancedAccuracy: "The share of right levels, mean over levels: 1 is perfect."
    }
  }
}
