import Figures
import Testing

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

  /// For a browser a sign stays one if a mark is combined with it; `Character` takes both for a letter.
  @Test(arguments: ["<", ">", "&", "\""])
  func signsWithMarksAreNoMarkup(sign: String) throws {
    let text = "a\(sign)\u{338}b"
    let html = ReportPage(title: text, sections: [.init(heading: text, text: text, table: text)])
      .html
    let raw = Array("a\(sign)\u{338}".utf8)
    let bytes = Array(html.utf8)
    #expect(!bytes.indices.contains { bytes[$0...].starts(with: raw) })
    // Nothing is lost.
    let names = ["<": "&lt;", ">": "&gt;", "&": "&amp;", "\"": "&quot;"]
    let escaped = Array("<h1>a\(try #require(names[sign]))\u{338}b</h1>".utf8)
    #expect(bytes.indices.contains { bytes[$0...].starts(with: escaped) })
  }
}
