public import CVAEEvaluation

/// One page of HTML about synthetic rows: every column's distribution, the associations of columns,
/// and the figures, with the pictures inside.
public struct FidelityPage: Sendable {
  private let report: FidelityReport
  private let title: String

  /// A page about `report` under a title.
  public init(_ report: FidelityReport, title: String = "Synthetic rows beside real ones") {
    self.report = report
    self.title = title
  }

  /// The page; its sections may also be added to another page.
  public var page: ReportPage {
    get throws {
      ReportPage(title: title, sections: try [figures] + columns() + associations())
    }
  }

  private var figures: ReportPage.Section {
    ReportPage.Section(heading: "How good synthetic rows are", tables: report.tables)
  }

  private func columns() throws -> [ReportPage.Section] {
    let parts = stride(from: 0, to: report.columns.count, by: ColumnFigure.most).map { first in
      Array(report.columns[first..<min(first + ColumnFigure.most, report.columns.count)])
    }
    return try parts.enumerated().map { index, part in
      ReportPage.Section(
        heading: index == 0 ? "Columns" : "Columns, part \(index + 1)",
        text: index > 0
          ? ""
          : "Shares of the known values in \(report.realWords) and in synthetic rows. For numbers, the "
            + "lowest and the highest 0.5 % are cut off; for categories, the "
            + "\(ColumnShape.mostLevels) most frequent levels are shown. Beside the name stands how far "
            + "the two differ, from 0 to 1: Kolmogorov and Smirnov's distance (KS) of numbers, total "
            + "variation (TV) of categories.",
        picture: try ColumnFigure(columns: part, real: report.realName).pngData())
    }
  }

  private func associations() throws -> [ReportPage.Section] {
    guard report.columns.count > 1, let figure = AssociationFigure(report) else { return [] }
    return [
      ReportPage.Section(
        heading: "How columns depend on each other",
        text: "Pearson's r of two numbers, Cramér's V of two categories, and the correlation ratio "
          + "η of a number and a category, in as many real as synthetic rows. Equal colours mean that columns "
          + "go together in synthetic rows as in real ones."
          + (figure.isShortened ? " The first \(AssociationFigure.most) columns are shown." : ""),
        picture: try figure.pngData())
    ]
  }
}

extension FidelityReport {
  /// What a legend calls the real rows.
  var realName: String { rows.train == nil ? "real" : "real, held out" }

  /// The same in a sentence.
  fileprivate var realWords: String { rows.train == nil ? "real" : "held-out real" }
}
