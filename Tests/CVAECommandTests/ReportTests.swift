import Foundation
import Testing

/// The page about a run.
@Suite(.sharedRun()) struct ReportTests {
  @Test func thePageHoldsItsPictures() throws {
    let run = try SharedRun.run()
    let folder = try TemporaryFolder()
    let own = folder.file("run")
    try FileManager.default.copyItem(atPath: run.path, toPath: own)
    let result = try Command.run(
      "report", own, run.data, "--samples", "2", "--count", "4")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output == own + "/report.html\n")
    let page = try folder.text("run/report.html")
    #expect(page.count(of: "<img ") == 4)
    #expect(page.count(of: "src=\"data:image/png;base64,iVBOR") == 4)
    #expect(!page.contains("http"))
    #expect(page.contains("Control of 'label'") && !page.contains("<pre"))
    #expect(page.contains("log-likelihood, at least"))
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { components(separatedBy: part).count - 1 }
}
