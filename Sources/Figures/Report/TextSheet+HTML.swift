import CVAEEvaluation

extension TextSheet {
  /// A text is cut behind so many characters.
  private static let longest = 2000

  /// Lines of a page: a heading, how to read the sheet, and the texts. Each text has the direction of its own first
  /// letter, which ends with its cell.
  var html: [String] {
    let head = headings.map { "<th scope=\"col\" dir=\"auto\">\(Self.shown($0))</th>" }.joined()
    return ["<h3>\(ReportPage.escaped(title))</h3>"] + ReportPage.paragraph(reading)
      + [
        "<div class=\"wide\"><table class=\"texts\">", "<thead><tr>\(head)</tr></thead>", "<tbody>",
      ]
      + rows.map { row in
        "<tr>" + row.map { "<td dir=\"auto\">\(Self.shown($0))</td>" }.joined() + "</tr>"
      } + ["</tbody>", "</table></div>"]
  }

  /// Signs that a page can't hold are shown as pictures of them, such as ␀.
  private static func shown(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(longest) {
      let isControl = scalar.value < 32 && scalar != "\n" && scalar != "\t"
      scalars.append(
        isControl ? Unicode.Scalar(0x2400 + scalar.value) ?? scalar : scalar)
    }
    let isCut = text.unicodeScalars.count > longest
    return ReportPage.escaped(String(scalars)) + (isCut ? "…" : "")
  }
}
