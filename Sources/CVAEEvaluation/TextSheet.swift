/// Texts side by side, for people: what a page shows as it shows a sheet of pictures.
public struct TextSheet: Hashable, Sendable {
  /// What it shows.
  public var title: String
  /// How to read it, in a sentence or two.
  public var reading: String
  /// What the columns hold.
  public var headings: [String]
  /// A text for each heading.
  public var rows: [[String]]

  /// Joins the parts of a sheet.
  public init(_ title: String, reading: String = "", headings: [String], rows: [[String]]) {
    self.title = title
    self.reading = reading
    self.headings = headings
    self.rows = rows
  }
}
