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
    #expect(page.count(of: "<img ") == 7)
    #expect(page.count(of: "src=\"data:image/png;base64,iVBOR") == 7)
    #expect(!page.contains("http"))
    let name = (run.data as NSString).lastPathComponent
    #expect(page.contains("<title>\(name) given label</title>"), "\(page.prefix(500))")
    #expect(page.contains("<h1>\(name) given label</h1>"))
    #expect(page.contains("on the 20 records of its test split"))
    #expect(page.contains("Control of 'label'") && !page.contains("<pre"))
    #expect(page.contains("log-likelihood, at least"))
  }

  /// A model without its run, and names that look like markup.
  @Test func titles() throws {
    let folder = try TemporaryFolder()
    let names = ["<b>a</b>", "b", "c", "d", "e", "f"]
    let lines = (0..<60).map { row in names.indices.map { "\(row * (2 * $0 + 3) % 31).5" } }
    let table = try folder.put(
      ([names] + lines).map { $0.joined(separator: ",") }.joined(separator: "\n").utf8, "a & b.csv")
    let run = folder.file("run")
    let trained = try Command.run(
      "train", table, "--given", names.prefix(5).joined(separator: ","), "--epochs", "1",
      "--output", run)
    #expect(trained.status == 0, "\(trained.errors)")
    func heading() throws -> Substring {
      let result = try Command.run(
        "report", run, table, "--only", "bounds", "--samples", "1", "--output",
        folder.file("page.html"))
      #expect(result.status == 0, "\(result.errors)")
      return try #require(folder.text("page.html").firstMatch(of: /<h1>(.*)<\/h1>/)).1
    }
    #expect(try heading() == "a &amp; b.csv given &lt;b&gt;a&lt;/b&gt;, b, c and 2 more")
    try FileManager.default.removeItem(atPath: folder.file("run/run.json"))
    #expect(try heading() == "f given &lt;b&gt;a&lt;/b&gt;, b, c and 2 more")
  }
}

extension String {
  fileprivate func count(of part: String) -> Int { components(separatedBy: part).count - 1 }
}
