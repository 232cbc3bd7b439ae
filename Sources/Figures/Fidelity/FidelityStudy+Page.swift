public import CVAEEvaluation

extension FidelityStudy {
  /// The pictures and figures, as sections of a page.
  public var page: ReportPage {
    get throws {
      var page = try FidelityPage(report).page
      let others = [
        requests.isEmpty ? nil : FidelityRequest.table(requests), imputation?.table,
      ].compactMap(\.self)
      if !others.isEmpty {
        page.sections.append(
          ReportPage.Section(
            heading: "Requests and missing cells",
            text: "How well requests for rows are honoured, and how near filled cells come to the "
              + "values that were removed.",
            table: others.joined(separator: "\n\n")))
      }
      return page
    }
  }
}
