/// A sheet of pictures in labelled rows, for looking at what a model generates.
///
/// ```swift
/// let row = SampleSheet.Row(label: "Ankle boot", pictures: samples)
/// let sheet = SampleSheet(rows: [row], height: 28, width: 28, channels: 1)
/// let bytes = try sheet.pngData()
/// ```
///
/// Pictures are enlarged by a whole factor to about 56 pixels, so that no value is smoothed away.
/// A value of 0 is black and of 1 white; others are clamped, and NaN shows as 0. A row of more than
/// twelve pictures continues on further lines, 64 of them as a square.
public struct SampleSheet: Sendable {
  /// Pictures that belong together.
  public struct Row: Sendable {
    /// What they have in common, such as `label = Ankle boot, heel = 3.5`.
    public var label: String
    /// The values of each, shape `[height, width, channels]`.
    public var pictures: [[Float]]

    /// Names some pictures; the label may be empty.
    public init(label: String, pictures: [[Float]]) {
      self.label = label
      self.pictures = pictures
    }
  }

  let rows: [Row]
  let title: String
  let headings: [String]
  let height: Int
  let width: Int
  let channels: Int

  /// Collects the pictures of a sheet.
  ///
  /// - Parameters:
  ///   - rows: from top to bottom, of any lengths.
  ///   - height: rows of each picture.
  ///   - width: columns of each picture.
  ///   - channels: 1 for grey, 3 for red, green and blue.
  ///   - title: stands above the pictures; may be empty.
  ///   - headings: one above each column; then no row continues on a further line.
  public init(
    rows: [Row], height: Int, width: Int, channels: Int, title: String = "",
    headings: [String] = []
  ) {
    precondition(height > 0 && width > 0, "Pictures of \(height) x \(width) can't be shown")
    precondition(channels == 1 || channels == 3, "A picture has 1 or 3 channels, not \(channels)")
    for row in rows {
      precondition(
        row.pictures.allSatisfy { $0.count == height * width * channels },
        "A picture of '\(row.label)' doesn't have \(height) x \(width) x \(channels) values")
    }
    self.rows = rows
    self.title = title
    self.headings = headings
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// Draws the sheet.
  ///
  /// - Throws: ``CanvasFailure/tooLarge(width:height:)`` for more pictures than one sheet can show.
  public func canvas(typeface: Canvas.Typeface = .usual) throws(CanvasFailure) -> Canvas {
    let layout = SampleSheetLayout(self, typeface: typeface)
    let canvas = try Canvas(
      width: layout.size.width, height: layout.size.height, background: FigureStyle.paper,
      typeface: typeface)
    for (line, text) in layout.titleLines.enumerated() {
      canvas.draw(
        text, at: layout.titlePoint(line: line), points: FigureStyle.titlePoints,
        color: FigureStyle.text, anchor: Canvas.Anchor(.left, .middle))
    }
    for (column, lines) in layout.headings.enumerated() {
      for (line, text) in lines.enumerated() {
        canvas.draw(
          text, at: layout.headingPoint(column: column, line: line),
          points: FigureStyle.labelPoints, color: FigureStyle.text,
          anchor: Canvas.Anchor(.center, .middle))
      }
    }
    for (index, row) in rows.enumerated() {
      for (line, text) in layout.labelLines[index].enumerated() {
        canvas.draw(
          text, at: layout.labelPoint(row: index, line: line), points: FigureStyle.labelPoints,
          color: FigureStyle.text, anchor: Canvas.Anchor(.right, .middle))
      }
      for (position, picture) in row.pictures.enumerated() {
        let cell = layout.cell(row: index, picture: position)
        canvas.drawPicture(
          picture, height: height, width: width, channels: channels, x: cell.x, y: cell.y,
          scale: layout.scale)
      }
    }
    return canvas
  }

  /// The sheet as the bytes of a PNG file.
  ///
  /// - Throws: ``CanvasFailure`` for more pictures than one sheet can show.
  public func pngData() throws(CanvasFailure) -> [UInt8] { try canvas().pngData() }
}
