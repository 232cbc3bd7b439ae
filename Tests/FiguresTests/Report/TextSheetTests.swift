import CVAEEvaluation
import Figures
import Testing

@Suite struct TextSheetTests {
  private func html(_ rows: [[String]]) -> String {
    let sheet = TextSheet(
      "Texts <of> \"a\"", reading: "Read & compare.", headings: ["text", "<b>"], rows: rows)
    return ReportPage(title: "", sections: [.init(heading: "All", sheets: [sheet])]).html
  }

  /// Texts are content, whatever they say, and their direction ends with their cells.
  @Test func textsAreNoMarkup() {
    let page = html([["<script>alert('x')</script> & \"q\"", "שלום \u{202e}abc"], ["a\nb", ""]])
    #expect(
      page.contains(
        """
        <h2>All</h2>
        <h3>Texts &lt;of&gt; &quot;a&quot;</h3>
        <p>Read &amp; compare.</p>
        <div class="wide"><table class="texts">
        <thead><tr><th scope="col" dir="auto">text</th><th scope="col" dir="auto">&lt;b&gt;</th></tr></thead>
        <tbody>
        <tr><td dir="auto">&lt;script&gt;alert('x')&lt;/script&gt; &amp; &quot;q&quot;</td>\
        <td dir="auto">שלום \u{202e}abc</td></tr>
        <tr><td dir="auto">a
        b</td><td dir="auto"></td></tr>
        </tbody>
        </table></div>
        """), "\(page)")
    #expect(!page.contains("<script>"))
  }

  @Test func controlSignsAreShownAndLongTextsAreCut() {
    let page = html([["a\u{0}b\u{1b}\t.", String(repeating: "é", count: 3000)]])
    #expect(page.contains("<td dir=\"auto\">a␀b␛\t.</td>"))
    #expect(page.contains("<td dir=\"auto\">\(String(repeating: "é", count: 2000))…</td>"))
  }
}
