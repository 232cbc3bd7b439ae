/// Results in lines and columns, for people; each is declared once, whether a terminal prints it or a page
/// shows it.
public struct ResultTable: Hashable, Sendable {
  /// One result, or one of its parts.
  public struct Line: Hashable, Sendable {
    /// What was measured.
    public var name: String
    /// How many steps it is indented under lines before it.
    public var depth: Int
    /// Of what the cells are numbers, such as `nats per record`; empty for a pure number.
    public var unit: String
    /// As many as there are columns, or fewer.
    public var cells: [String]
    /// A sentence on what the numbers mean and which are good; empty where the table says it for all lines.
    public var meaning: String
    /// Whether the cells are words, which a terminal aligns to the left.
    public var isText: Bool

    /// Joins the parts of a line.
    public init(
      _ name: String, _ cells: [String], depth: Int = 0, unit: String = "", meaning: String = "",
      isText: Bool = false
    ) {
      self.name = name
      self.depth = depth
      self.unit = unit
      self.cells = cells
      self.meaning = meaning
      self.isText = isText
    }
  }

  /// What the table is about, as the end of a sentence: a page begins it with a capital letter.
  public var title: String
  /// Whether a terminal prints the title too.
  public var printsTitle: Bool
  /// What the lines' names are.
  public var heading: String
  /// What the columns hold; none for facts.
  public var columns: [String]
  /// From top to bottom.
  public var lines: [Line]
  /// How to read it, in a sentence or two for a page; may be empty.
  public var reading: String
  /// A caution below the table; may be empty.
  public var note: String
  /// Characters of the names on a terminal.
  private let nameWidth: Int
  /// Characters of each column on a terminal; the last number is that of all further columns.
  private let columnWidths: [Int]

  /// Joins the parts of a table; `names` and `widths` are characters on a terminal: of the names, and of each
  /// column, where the last width is that of all further columns.
  public init(
    _ title: String, printsTitle: Bool = false, heading: String = "", columns: [String] = [],
    lines: [Line], reading: String = "", note: String = "", names: Int = 44, widths: [Int] = [14]
  ) {
    self.title = title
    self.printsTitle = printsTitle
    self.heading = heading
    self.columns = columns
    self.lines = lines
    self.reading = reading
    self.note = note
    nameWidth = names
    columnWidths = widths
  }

  /// The longest printed name, and the longest line of a printed note.
  private static let longest = (name: 58, note: 100)

  /// In aligned columns, for a terminal.
  public var text: String {
    var printed = printsTitle ? [title] : []
    if !heading.isEmpty || !columns.isEmpty { printed.append(row(heading, columns)) }
    for line in lines {
      let name = String(repeating: "  ", count: line.depth) + line.name
      let cut = Self.longest.name
      let shown = name.count > cut ? name.prefix(cut - 1) + "…" : name
      printed.append(
        line.isText ? TextTable.row(shown, nameWidth - 1, line.cells, [1]) : row(shown, line.cells))
    }
    if !note.isEmpty { printed += [""] + Self.wrapped(note) }
    return printed.joined(separator: "\n")
  }

  private func row(_ name: String, _ cells: [String]) -> String {
    cells.isEmpty ? name : TextTable.row(name, nameWidth, cells, columnWidths)
  }

  private static func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let line = lines.last, line.count + word.count < longest.note {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

extension [ResultTable] {
  /// Below each other, for a terminal.
  var text: String { map(\.text).joined(separator: "\n\n") }
}
