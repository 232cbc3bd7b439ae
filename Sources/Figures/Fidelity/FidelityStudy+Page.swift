public import CVAEEvaluation

extension FidelityStudy {
  /// The pictures and figures, as sections of a page.
  public var page: ReportPage {
    get throws {
      var page = try FidelityPage(report).page
      if !taskTables.isEmpty {
        page.sections.append(
          ReportPage.Section(heading: "Requests and missing cells", tables: taskTables))
      }
      return page
    }
  }
}
