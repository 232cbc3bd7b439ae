/// The positions of everything on a ``SampleSheet``.
struct SampleSheetLayout {
  /// Pixels along each side of a value.
  let scale: Int
  /// Pictures side by side.
  let perLine: Int
  /// The label of each row, broken into lines.
  let labelLines: [[String]]
  let titleLines: [String]
  /// One above each column, broken into lines, or none.
  let headings: [[String]]
  /// The whole sheet in pixels.
  let size: (width: Int, height: Int)

  private let cellWidth: Int
  private let cellHeight: Int
  private let left: Int
  /// The top of every row's pictures.
  private let tops: [Int]
  /// The height of every row with all its lines.
  private let heights: [Int]

  private static let gap = 2
  private static let border = 12
  private static let labelGap = 10
  private static let widestLabel = 230
  private static let headingLines = 3

  init(_ sheet: SampleSheet, typeface: Canvas.Typeface) {
    let points = FigureStyle.labelPoints
    let leading = FigureStyle.leading(points)
    scale = Self.scale(height: sheet.height, width: sheet.width)
    (cellWidth, cellHeight) = (sheet.width * scale, sheet.height * scale)
    let longest = sheet.rows.map(\.pictures.count).max() ?? 0
    let perLine = sheet.headings.isEmpty ? Self.perLine(count: longest) : sheet.headings.count
    self.perLine = perLine

    let pictureLines = sheet.rows.map { max(1, ($0.pictures.count + perLine - 1) / perLine) }
    let lineHeight = cellHeight + Self.gap
    let blocks = pictureLines.map { $0 * lineHeight - Self.gap }
    labelLines = zip(sheet.rows, blocks).map { row, block in
      typeface.wrapped(
        row.label, to: Self.widestLabel, points: points, lines: min(max(3, block / leading), 8))
    }
    let labelWidth = labelLines.joined().map { typeface.width(of: $0, points: points) }.max() ?? 0
    left = Self.border + (labelWidth > 0 ? labelWidth + Self.labelGap : 0)
    let pictures = perLine * (cellWidth + Self.gap) - Self.gap
    let titleWidth = typeface.width(of: sheet.title, points: FigureStyle.titlePoints)
    let content = max(left - Self.border + pictures, min(titleWidth, 480))
    titleLines = typeface.wrapped(
      sheet.title, to: content, points: FigureStyle.titlePoints, lines: 3)

    let cellWidth = cellWidth
    headings = sheet.headings.map { heading in
      // Levels may differ behind a hyphen alone.
      let fits = typeface.width(of: heading, points: points) <= cellWidth
      return typeface.wrapped(
        fits ? heading : heading.replacing("-", with: "- "), to: cellWidth, points: points,
        lines: Self.headingLines)
    }
    var top = Self.border
    if !titleLines.isEmpty {
      top += titleLines.count * FigureStyle.leading(FigureStyle.titlePoints) + 6
    }
    if let lines = headings.map(\.count).max() { top += lines * leading + Self.gap }
    // Rows of several lines stand further apart, so that it shows which lines belong together.
    let rowGap = pictureLines.contains { $0 > 1 } ? 5 * Self.gap : Self.gap
    heights = zip(blocks, labelLines).map { max($0, $1.count * leading) }
    var tops: [Int] = []
    for height in heights {
      tops.append(top)
      top += height + rowGap
    }
    self.tops = tops
    size = (content + 2 * Self.border, top - (heights.isEmpty ? 0 : rowGap) + Self.border)
  }

  /// The whole factor that brings the longer side nearest to 56 pixels.
  static func scale(height: Int, width: Int) -> Int {
    let longer = max(height, width)
    return max(1, (56 + longer / 2) / longer)
  }

  /// How many of `count` pictures go on one line: all if there are up to twelve; else eight to twelve, with
  /// the fewest empty places left over; for very many, so that they form a square.
  static func perLine(count: Int) -> Int {
    guard count > 12 else { return max(count, 1) }
    let side = Int(Double(count).squareRoot().rounded(.up))
    guard side <= 12 else { return side }
    func cost(_ columns: Int) -> Int {
      let leftOver = (columns - count % columns) % columns
      return leftOver * 100 + abs(columns - side)
    }
    return (8...12).min { cost($0) < cost($1) } ?? side
  }

  /// The pixels of one picture.
  func cell(row: Int, picture: Int) -> Canvas.Rectangle {
    Canvas.Rectangle(
      x: left + picture % perLine * (cellWidth + Self.gap),
      y: tops[row] + picture / perLine * (cellHeight + Self.gap),
      width: cellWidth, height: cellHeight)
  }

  /// The right end of a label's line, in the middle of its height.
  func labelPoint(row: Int, line: Int) -> Canvas.Point {
    let leading = FigureStyle.leading(FigureStyle.labelPoints)
    let unused = heights[row] - labelLines[row].count * leading
    return Canvas.Point(
      x: Double(left - Self.labelGap),
      y: Double(tops[row]) + Double(unused) / 2 + (Double(line) + 0.5) * Double(leading))
  }

  /// The middle of a line of a column's heading, the last of which stands just above the pictures.
  func headingPoint(column: Int, line: Int) -> Canvas.Point {
    let leading = Double(FigureStyle.leading(FigureStyle.labelPoints))
    let below = Double(headings[column].count - 1 - line)
    return Canvas.Point(
      x: Double(left + column * (cellWidth + Self.gap)) + Double(cellWidth) / 2,
      y: Double((tops.first ?? Self.border) - Self.gap) - (below + 0.5) * leading)
  }

  /// The left end of a title's line, in the middle of its height.
  func titlePoint(line: Int) -> Canvas.Point {
    let leading = Double(FigureStyle.leading(FigureStyle.titlePoints))
    return Canvas.Point(
      x: Double(Self.border), y: Double(Self.border) + (Double(line) + 0.5) * leading - 2)
  }
}
