import CVAEModels
import ConditionalData
import Foundation
import OneDNNExecution
import TensorGraph
import Testing

@testable import CVAEEvaluation

@Suite struct ReportPageTests {
  @Test func allIsInsideAndNothingIsMarkup() {
    let page = ReportPage(
      title: "a < b",
      sections: [
        .init(heading: "\"x\" & y", text: "<script>", picture: [1, 2, 3], table: "1 > 0")
      ])
    let html = page.html
    #expect(html.hasPrefix("<!DOCTYPE html>\n"))
    #expect(html.contains("<h1>a &lt; b</h1>"))
    #expect(
      html.contains(
        "<img alt=\"&quot;x&quot; &amp; y\" src=\"data:image/png;base64,AQID\">\n"
          + "<pre>1 &gt; 0</pre>"))
    #expect(!html.contains("<script>") && !html.contains("http"))
  }

  /// Style brightens the striped model's pictures, and nothing else does.
  @Test func aTraversalRunsThroughOneDimension() throws {
    let data = try StripedPictures.data()
    let model = try StripedPictures.model(of: data)
    let sheet = try Evaluator(model: model, executor: OneDNNExecutor())
      .traversal(of: ControlSubject(model), dimensions: [0], record: 1, in: data)
    #expect(sheet.rows.map(\.label) == ["u0"])
    let pictures = sheet.rows[0].pictures
    #expect(pictures.count == 11)
    for (step, picture) in pictures.enumerated() {
      // Record 1 has the second level, whose row has the logit 2, the others −2.
      let style = 0.3 * (Double(step) / 10 * 5 - 2.5)
      #expect(abs(Double(picture[4]) - 1 / (1 + exp(-(2 + style)))) < 1e-5)
      #expect(abs(Double(picture[0]) - 1 / (1 + exp(-(-2 + style)))) < 1e-5)
    }
  }
}
