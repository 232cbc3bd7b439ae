import CVAETraining
import Foundation

/// One self-contained page of HTML: text and pictures, all in the file, nothing from a network.
///
/// The bytes are a function of the content alone.
public struct ReportPage: Sendable {
  /// A part of the page.
  public struct Section: Sendable {
    /// The heading above it.
    public var heading: String
    /// What the part shows, in plain words.
    public var text: String
    /// The bytes of a PNG file.
    public var picture: [UInt8]?
    /// Text in columns, shown as it stands.
    public var table: String?

    /// Joins the parts of a section.
    public init(heading: String, text: String, picture: [UInt8]? = nil, table: String? = nil) {
      self.heading = heading
      self.text = text
      self.picture = picture
      self.table = table
    }
  }

  /// The title at the top.
  public var title: String
  /// From top to bottom.
  public var sections: [Section]

  /// Joins sections under a title.
  public init(title: String, sections: [Section]) {
    self.title = title
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
    body { font: 16px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
    img { max-width: 100%; border: 1px solid #ddd; }
    pre { overflow-x: auto; background: #f6f6f6; padding: 1rem; font-size: 14px; }
    </style>
    </head>
    <body>
    <h1>\(Self.escaped(title))</h1>
    \(sections.map(Self.html).joined(separator: "\n"))
    </body>
    </html>

    """
  }

  private static func html(_ section: Section) -> String {
    var lines = ["<h2>\(escaped(section.heading))</h2>", "<p>\(escaped(section.text))</p>"]
    if let picture = section.picture {
      let data = Data(picture).base64EncodedString()
      lines.append(
        "<img alt=\"\(escaped(section.heading))\" src=\"data:image/png;base64,\(data)\">")
    }
    if let table = section.table { lines.append("<pre>\(escaped(table))</pre>") }
    return lines.joined(separator: "\n")
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
