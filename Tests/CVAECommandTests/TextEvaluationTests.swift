import Foundation
import Testing

/// Texts as 'evaluate' and 'report' judge them.
@Suite(.sharedRun(.texts)) struct TextEvaluationTests {
  private func object(_ arguments: [String]) throws -> [String: Any] {
    let result = try Command.run(arguments + ["--json"])
    #expect(result.status == 0, "\(result.errors)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  @Test func textsAreJudgedByDefault() throws {
    let run = try SharedRun.run()
    let whole = try object(["evaluate", run.path, run.data, "--samples", "1", "--count", "20"])
    #expect(whole["elbo"] != nil && whole["control"] == nil && whole["fidelity"] == nil)
    let report = try #require((whole["texts"] as? [[String: Any]])?.first)
    #expect(report["field"] as? String == "short" && report["generated"] as? Int == 20)
    let control = try #require((report["control"] as? [[String: Any]])?.first)
    #expect(control["field"] as? String == "kind")
    let judge = try #require(control["judge"] as? [String: Any])
    #expect((judge["testAccuracy"] as? [String: Any])?["mean"] as? Double == 1)
    // Of "the river and a hill of 4", the first three words beside "river hill".
    let references = try #require(report["references"] as? [String: Any])
    #expect(references["given"] as? String == "long")
    let beginning = try #require(references["beginning"] as? [String: Any])
    let first = try #require(beginning["rouge1"] as? [String: Any])
    let second = try #require(beginning["rouge2"] as? [String: Any])
    let mean = try #require(first["mean"] as? Double)
    #expect(mean > 0.3 && mean < 0.8)
    #expect(try #require(second["mean"] as? Double) < mean)
  }

  @Test func oneKindOfResultIsOneObject() throws {
    let run = try SharedRun.run()
    let arguments = ["evaluate", run.path, run.data, "--only", "texts", "--count", "12"]
    let whole = try object(arguments)
    #expect(whole.keys.sorted() == ["texts"])
    let table = try Command.run(arguments)
    #expect(table.output.hasPrefix("'kind' of 'short', judged by"), "\(table.output)")
    #expect(table.output.contains("\nbeginning of 'long'"), "\(table.output)")
  }

  @Test func thePageHasTexts() throws {
    let run = try SharedRun.run()
    let folder = try TemporaryFolder()
    let result = try Command.run(
      "report", run.path, run.data, "--samples", "1", "--count", "12", "--output",
      folder.file("page.html"))
    #expect(result.status == 0, "\(result.errors)")
    let page = try folder.text("page.html")
    for heading in [
      "<h2>Texts</h2>", "<h3>Texts by level</h3>", "<h3>Transfers</h3>", "<h3>Reconstructions</h3>",
      "<h3>Most probable texts beside those of the records</h3>",
      "<h3>'kind' of 'short', judged by a linear classifier",
    ] {
      #expect(page.contains(heading), "\(heading)")
    }
    #expect(page.contains("&lt;b&gt;wood&lt;/b&gt;") && !page.contains("<b>wood"))
  }
}
