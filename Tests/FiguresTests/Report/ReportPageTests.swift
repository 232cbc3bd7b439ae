import CVAEEvaluation
import Figures
import Testing

@Suite struct ReportPageTests {
  @Test func allIsInsideAndNothingIsMarkup() {
    let page = ReportPage(
      title: "a < b",
      sections: [
        .init(
          heading: "\"x\" & y", text: "<script>", picture: [1, 2, 3],
          tables: [ResultTable("1 > 0", lines: [])])
      ])
    let html = page.html
    #expect(html.hasPrefix("<!DOCTYPE html>\n"))
    #expect(html.contains("<h1>a &lt; b</h1>"))
    #expect(
      html.contains(
        "<img alt=\"&quot;x&quot; &amp; y\" src=\"data:image/png;base64,AQID\">\n"
          + "<h3>1 &gt; 0</h3>\n"))
    #expect(!html.contains("<script>") && !html.contains("http"))
  }

  @Test func tablesSayHowToReadThem() {
    let table = ResultTable(
      "speed", heading: "km/h", columns: ["mean", "real"],
      lines: [
        .init("cars", ["50", "60"], meaning: "More is faster."),
        .init("trains", ["100"], depth: 1, unit: "m/s"),
        .init("planes", ["none at all"], isText: true),
      ], reading: "Compare both.", note: "Measured once.")
    let html = ReportPage(title: "", sections: [.init(heading: "All", tables: [table])]).html
    #expect(
      html.contains(
        """
        <h2>All</h2>
        <h3>Speed</h3>
        <p>Compare both.</p>
        <div class="wide"><table>
        <thead><tr><th scope="col">km/h</th><th scope="col" class="number">mean</th>\
        <th scope="col" class="number">real</th><th scope="col">how to read it</th></tr></thead>
        <tbody>
        <tr><th scope="row">cars</th><td class="number">50</td><td class="number">60</td>\
        <td class="meaning">More is faster.</td></tr>
        <tr><th scope="row" style="padding-left: 1rem">trains <small>m/s</small></th>\
        <td class="number">100</td><td class="number"></td><td class="meaning"></td></tr>
        <tr><th scope="row">planes</th><td colspan="2">none at all</td><td class="meaning"></td></tr>
        </tbody>
        </table></div>
        <p class="note">Measured once.</p>
        """), "\(html)")
    #expect(
      table.text == """
        km/h                                                  mean          real
        cars                                                    50            60
          trains                                               100
        planes                                      none at all

        Measured once.
        """)
  }

  /// Facts need no head, and long names stand whole on a page.
  @Test func factsHaveNoHead() {
    let name = String(repeating: "x", count: 90)
    let table = ResultTable("facts", lines: [.init(name, ["1"])])
    let html = ReportPage(title: "", sections: [.init(heading: "", tables: [table])]).html
    #expect(!html.contains("<thead>") && html.contains(">\(name)</th>"))
    #expect(table.text == name.prefix(57) + "…" + String(repeating: " ", count: 14) + "1")
  }

  /// For a browser a sign stays one if a mark is combined with it; `Character` takes both for a letter.
  @Test(arguments: ["<", ">", "&", "\""])
  func signsWithMarksAreNoMarkup(sign: String) throws {
    let text = "a\(sign)\u{338}b"
    let table = ResultTable(
      text, heading: text, columns: [text],
      lines: [.init(text, [text], unit: text, meaning: text)], reading: text, note: text)
    let html = ReportPage(
      title: text, introduction: text,
      sections: [.init(heading: text, text: text, tables: [table])]
    ).html
    let raw = Array("a\(sign)\u{338}".utf8)
    let bytes = Array(html.utf8)
    #expect(!bytes.indices.contains { bytes[$0...].starts(with: raw) })
    // Nothing is lost.
    let names = ["<": "&lt;", ">": "&gt;", "&": "&amp;", "\"": "&quot;"]
    let escaped = Array("<h1>a\(try #require(names[sign]))\u{338}b</h1>".utf8)
    #expect(bytes.indices.contains { bytes[$0...].starts(with: escaped) })
  }
}
