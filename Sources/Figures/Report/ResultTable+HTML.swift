import CVAEEvaluation

extension ResultTable {
  /// Lines of a page: a heading, how to read the table, the table itself, and the note.
  var html: [String] {
    let heading = title.prefix(1).uppercased() + title.dropFirst()
    return ["<h3>\(ReportPage.escaped(heading))</h3>"] + ReportPage.paragraph(reading)
      + ["<div class=\"wide\"><table>"] + head + ["<tbody>"] + lines.map(row)
      + ["</tbody>", "</table></div>"] + ReportPage.paragraph(note, kind: "note")
  }

  private var hasMeanings: Bool { lines.contains { !$0.meaning.isEmpty } }

  /// The columns between a line's name and its meaning.
  private var width: Int { max(columns.count, lines.map(\.cells.count).max() ?? 0) }

  /// None for facts that say all by their names.
  private var head: [String] {
    guard !heading.isEmpty || hasMeanings else { return [] }
    let names = columns.isEmpty ? ["value"] : columns
    let kind = lines.allSatisfy(\.isText) ? "" : " class=\"number\""
    let cells = (0..<width).map { place in
      Self.cell("th scope=\"col\"\(kind)", place < names.count ? names[place] : "")
    }
    return [
      "<thead><tr>" + Self.cell("th scope=\"col\"", heading.isEmpty ? "figure" : heading)
        + cells.joined() + (hasMeanings ? Self.cell("th scope=\"col\"", "how to read it") : "")
        + "</tr></thead>"
    ]
  }

  private func row(_ line: Line) -> String {
    let indent = line.depth > 0 ? " style=\"padding-left: \(line.depth)rem\"" : ""
    let unit = line.unit.isEmpty ? "" : " <small>\(ReportPage.escaped(line.unit))</small>"
    let name = "<th scope=\"row\"\(indent)>\(ReportPage.escaped(line.name))\(unit)</th>"
    let cells =
      line.isText
      ? Self.cell("td colspan=\"\(width)\"", line.cells.joined(separator: " "))
      : (0..<width).map { place in
        Self.cell("td class=\"number\"", place < line.cells.count ? line.cells[place] : "")
      }.joined()
    return "<tr>" + name + cells
      + (hasMeanings ? Self.cell("td class=\"meaning\"", line.meaning) : "") + "</tr>"
  }

  /// An element whose first word is `tag`.
  private static func cell(_ tag: String, _ text: String) -> String {
    "<\(tag)>\(ReportPage.escaped(text))</\(tag.prefix { $0 != " " })>"
  }
}
