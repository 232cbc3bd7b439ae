/// A framed area of a figure with two axes; it turns numbers into places.
struct PlotPanel {
  /// The area within the frame.
  let area: Canvas.Rectangle
  let horizontal: LinearAxis
  let vertical: LinearAxis
  let horizontalLabel: String
  let verticalLabel: String
  /// The widest number beside the vertical axis, in pixels.
  private let tickWidth: Int

  /// Fits a panel with its labels into `outer`.
  init(
    in outer: Canvas.Rectangle, horizontal: LinearAxis, vertical: LinearAxis,
    horizontalLabel: String, verticalLabel: String, typeface: Canvas.Typeface
  ) {
    tickWidth =
      vertical.ticks
      .map { typeface.width(of: vertical.label(for: $0), points: FigureStyle.tickPoints) }
      .max() ?? 0
    let left = FigureStyle.leading(FigureStyle.labelPoints) + 6 + tickWidth + Self.tickGap
    let bottom =
      FigureStyle.leading(FigureStyle.tickPoints) + FigureStyle.leading(FigureStyle.labelPoints)
      + Self.tickGap
    area = Canvas.Rectangle(
      x: outer.x + left, y: outer.y, width: max(outer.width - left, 1),
      height: max(outer.height - bottom, 1))
    self.horizontal = horizontal
    self.vertical = vertical
    self.horizontalLabel = horizontalLabel
    self.verticalLabel = verticalLabel
  }

  private static let tickGap = 6

  /// The place of a pair of numbers; outside the area where they lie outside the axes.
  func point(_ x: Double, _ y: Double) -> Canvas.Point {
    Canvas.Point(
      x: Double(area.x) + horizontal.share(of: x) * Double(area.width),
      y: Double(area.y + area.height) - vertical.share(of: y) * Double(area.height))
  }

  /// Draws the ground, the grid, the ticks' numbers and the axes' names; data go on top of it.
  func drawAxes(on canvas: Canvas) {
    canvas.drawTicks(of: horizontal, across: area)
    for tick in vertical.ticks {
      let row = Int(point(horizontal.range.lowerBound, tick).y)
      canvas.fill(
        Canvas.Rectangle(x: area.x, y: row, width: area.width, height: 1), with: FigureStyle.grid)
      canvas.write(
        vertical.label(for: tick), x: Double(area.x - Self.tickGap), y: Double(row),
        .init(.right, .middle))
    }
    canvas.outline(area, with: FigureStyle.frame)
    drawNames(on: canvas)
  }

  private func drawNames(on canvas: Canvas) {
    let points = FigureStyle.labelPoints
    let typeface = canvas.typeface
    let below = area.y + area.height + Self.tickGap + FigureStyle.leading(FigureStyle.tickPoints)
    canvas.write(
      typeface.shortened(horizontalLabel, to: area.width, points: points),
      x: Double(area.x) + Double(area.width) / 2, y: Double(below) + 4, points: points,
      .init(.center, .top))
    canvas.write(
      typeface.shortened(verticalLabel, to: area.height, points: points),
      x: Double(area.x - Self.tickGap - tickWidth - FigureStyle.leading(points) / 2 - 2),
      y: Double(area.y) + Double(area.height) / 2, points: points, .center, turnedBy: 90)
  }

  /// Says in the panel's middle why it is empty.
  func drawNote(_ text: String, on canvas: Canvas) {
    canvas.write(
      text, x: Double(area.x) + Double(area.width) / 2, y: Double(area.y) + Double(area.height) / 2,
      points: FigureStyle.labelPoints, color: FigureStyle.quietText, .center)
  }
}

extension Canvas {
  /// Fills a panel and draws a horizontal axis: its lines across, and its numbers below.
  func drawTicks(of axis: LinearAxis, across area: Rectangle) {
    fill(area, with: FigureStyle.panel)
    for tick in axis.ticks {
      let column = Int(Double(area.x) + axis.share(of: tick) * Double(area.width))
      fill(Rectangle(x: column, y: area.y, width: 1, height: area.height), with: FigureStyle.grid)
      write(
        axis.label(for: tick), x: Double(column), y: Double(area.y + area.height + 6),
        .init(.center, .top))
    }
  }
}
