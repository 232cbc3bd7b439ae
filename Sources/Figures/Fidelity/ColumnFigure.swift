import CVAEEvaluation

/// The distribution of each column in real and in synthetic rows, a small panel for each.
struct ColumnFigure {
  /// Columns of one picture.
  static let most = 24

  let columns: [FidelityReport.Column]
  /// What the real rows are called.
  let real: String

  private static let perLine = 3
  private static let panel = (width: 306, height: 226)
  private static let border = 12
  private static let top = 44

  static let realColor = FigureStyle.blue
  static let syntheticColor = FigureStyle.vermillion

  /// At most ``most`` columns.
  func canvas(typeface: Canvas.Typeface = .usual) throws(CanvasFailure) -> Canvas {
    let lines = (columns.count + Self.perLine - 1) / Self.perLine
    let canvas = try Canvas(
      width: Self.perLine * Self.panel.width + 2 * Self.border,
      height: Self.top + lines * Self.panel.height + Self.border, background: FigureStyle.paper,
      typeface: typeface)
    drawLegend(on: canvas)
    for (index, column) in columns.enumerated() {
      let outer = Canvas.Rectangle(
        x: Self.border + index % Self.perLine * Self.panel.width,
        y: Self.top + index / Self.perLine * Self.panel.height, width: Self.panel.width - 14,
        height: Self.panel.height - 14)
      draw(column, in: outer, on: canvas)
    }
    return canvas
  }

  func pngData() throws(CanvasFailure) -> [UInt8] { try canvas().pngData() }

  private func draw(
    _ column: FidelityReport.Column, in outer: Canvas.Rectangle, on canvas: Canvas
  ) {
    let distance = (column.kind == .number ? "KS " : "TV ") + LevelBars.decimals(column.distance, 3)
    let taken = canvas.typeface.width(of: distance, points: FigureStyle.tickPoints) + 12
    canvas.write(
      canvas.typeface.shortened(
        column.name, to: outer.width - taken, points: FigureStyle.headingPoints),
      x: Double(outer.x), y: Double(outer.y) + 12, points: FigureStyle.headingPoints)
    canvas.write(
      distance, x: Double(outer.x + outer.width), y: Double(outer.y) + 12,
      color: FigureStyle.quietText, .init(.right, .baseline))
    let inner = Canvas.Rectangle(
      x: outer.x, y: outer.y + 20, width: outer.width, height: outer.height - 20)
    switch column.shape.places {
    case .bins(let low, let high):
      HistogramPair(shape: column.shape, low: low, high: high).draw(in: inner, on: canvas)
    case .levels(let names, let others):
      LevelBars(shape: column.shape, names: names, others: others).draw(in: inner, on: canvas)
    }
  }

  private func drawLegend(on canvas: Canvas) {
    var left = Self.border
    for (name, color) in [
      (real, Self.realColor), ("synthetic", Self.syntheticColor),
    ] {
      canvas.fill(
        Canvas.Rectangle(x: left, y: 15, width: 14, height: 14), with: color.opacity(0.35))
      canvas.outline(Canvas.Rectangle(x: left, y: 15, width: 14, height: 14), with: color)
      canvas.write(
        name, x: Double(left) + 20, y: 22, points: FigureStyle.labelPoints, .init(.left, .middle))
      left += 20 + canvas.typeface.width(of: name, points: FigureStyle.labelPoints) + 24
    }
  }
}
