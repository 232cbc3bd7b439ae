public import CVAEEvaluation
import CVAETraining
import Foundation

/// One self-contained page of HTML: text, tables and pictures, all in the file, nothing from a network.
///
/// The bytes are a function of the content alone.
public struct ReportPage: Sendable {
  /// A part of the page.
  public struct Section: Sendable {
    /// The heading above it.
    public var heading: String
    /// What the part shows, in plain words; may be empty.
    public var text: String
    /// The bytes of a PNG file.
    public var picture: [UInt8]?
    /// Results, below the picture.
    public var tables: [ResultTable]
    /// Texts of records, below the results.
    public var sheets: [TextSheet]

    /// Joins the parts of a section.
    public init(
      heading: String, text: String = "", picture: [UInt8]? = nil, tables: [ResultTable] = [],
      sheets: [TextSheet] = []
    ) {
      self.heading = heading
      self.text = text
      self.picture = picture
      self.tables = tables
      self.sheets = sheets
    }
  }

  /// The title at the top.
  public var title: String
  /// What the page is about, below the title; may be empty.
  public var introduction: String
  /// From top to bottom.
  public var sections: [Section]

  /// Joins sections under a title.
  public init(title: String, introduction: String = "", sections: [Section]) {
    self.title = title
    self.introduction = introduction
    self.sections = sections
  }

  /// The line by which the program recognises its own pages.
  private static let mark = RunDirectory.reportMark

  /// Whether the file at `path` is such a page.
  public static func isOne(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    let head = (try? file.read(upToCount: 500)) ?? Data()
    return String(decoding: head, as: UTF8.self).contains(mark)
  }

  /// The whole file.
  public var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    \(Self.mark)
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Self.escaped(title))</title>
    <style>
    \(Self.style)
    </style>
    </head>
    <body>
    <h1>\(Self.escaped(title))</h1>
    \((Self.paragraph(introduction) + sections.flatMap(Self.lines)).joined(separator: "\n"))
    </body>
    </html>

    """
  }

  /// For light and dark screens and for paper. Long names break, and a table that is still too wide scrolls by
  /// itself.
  private static let style = """
    :root { color-scheme: light dark; --text: #222; --quiet: #5a5a5a; --line: #ddd; --paper: #fff; }
    @media (prefers-color-scheme: dark) {
      :root { --text: #ddd; --quiet: #a5a5a5; --line: #444; --paper: #181818; }
    }
    body { font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
      color: var(--text); background: var(--paper); overflow-wrap: anywhere; }
    h1 { line-height: 1.25; }
    h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); }
    h3 { margin: 1.75rem 0 0.5rem; }
    img { max-width: 100%; border: 1px solid var(--line); background: #fff; }
    .wide { overflow-x: auto; }
    table { border-collapse: collapse; font-size: 15px; line-height: 1.35; }
    th, td { padding: 0.3rem 1.25rem 0.3rem 0; text-align: left; vertical-align: top; }
    thead th { vertical-align: bottom; }
    tbody tr { border-top: 1px solid var(--line); }
    tbody th { font-weight: normal; min-width: 11rem; max-width: 24rem; }
    th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
    td.number { white-space: nowrap; }
    table.texts td { min-width: 8rem; white-space: pre-wrap; }
    td.meaning { min-width: 17rem; color: var(--quiet); }
    small, p.note { color: var(--quiet); }
    small { white-space: nowrap; }
    @media (max-width: 48rem) {
      th, td { padding-right: 0.75rem; }
      tbody th { min-width: 7rem; }
      table.texts td { min-width: 8rem; white-space: pre-wrap; }
    td.meaning { min-width: 11rem; }
    }
    @media print {
      :root { color-scheme: light; --text: #000; --quiet: #333; --line: #bbb; --paper: #fff; }
      body { font-size: 10.5pt; max-width: none; margin: 0; padding: 0; }
      table { font-size: 9.5pt; }
      .wide { overflow: visible; }
      tbody th, td.meaning { min-width: 0; }
      h2, h3, p { break-after: avoid; }
      tr, img { break-inside: avoid; }
      img { max-height: 24cm; }
    }
    """

  private static func lines(_ section: Section) -> [String] {
    var lines = ["<h2>\(escaped(section.heading))</h2>"] + paragraph(section.text)
    if let picture = section.picture {
      let data = Data(picture).base64EncodedString()
      lines.append(
        "<img alt=\"\(escaped(section.heading))\" src=\"data:image/png;base64,\(data)\">")
    }
    return lines + section.tables.flatMap(\.html) + section.sheets.flatMap(\.html)
  }

  /// No line for an empty text.
  static func paragraph(_ text: String, kind: String? = nil) -> [String] {
    let attribute = kind.map { " class=\"\($0)\"" } ?? ""
    return text.isEmpty ? [] : ["<p\(attribute)>\(escaped(text))</p>"]
  }

  /// Text that can't be taken for markup.
  static func escaped(_ text: String) -> String {
    var result = ""
    // A mark that is combined with a sign doesn't change it for a browser.
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
