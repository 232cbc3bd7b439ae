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
}
