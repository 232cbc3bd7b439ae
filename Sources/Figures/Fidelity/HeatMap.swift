/// A square of coloured cells, with their numbers where there is room.
struct HeatMap {
  let values: [[Double]]
  /// Of rows and columns alike.
  let names: [String]
  let hasRowNames: Bool
  /// Pixels along a cell's side.
  let cell: Int
  let scale: HeatScale

  /// The smallest cell, in pixels, that has room for its number.
  private static let numbered = 28

  /// Draws it with its top left corner at `x`, `y`, and the heading above.
  func draw(heading: String, x: Int, y: Int, on canvas: Canvas) {
    canvas.write(heading, x: Double(x), y: Double(y) - 8, points: FigureStyle.headingPoints)
    for (row, numbers) in values.enumerated() {
      for (column, number) in numbers.enumerated() {
        let area = Canvas.Rectangle(
          x: x + column * cell, y: y + row * cell, width: cell, height: cell)
        let color = scale.color(number)
        canvas.fill(area, with: color)
        guard cell >= Self.numbered else { continue }
        canvas.write(
          Self.text(number), x: Double(area.x) + Double(cell) / 2,
          y: Double(area.y) + Double(cell) / 2, points: 7.5,
          color: HeatScale.isDark(color) ? .white : FigureStyle.text, .center)
      }
    }
    let side = cell * values.count
    canvas.outline(
      Canvas.Rectangle(x: x - 1, y: y - 1, width: side + 2, height: side + 2),
      with: FigureStyle.frame)
    drawNames(x: x, y: y, side: side, on: canvas)
  }

  private func drawNames(x: Int, y: Int, side: Int, on canvas: Canvas) {
    for (index, name) in names.enumerated() {
      let middle = (Double(index) + 0.5) * Double(cell)
      if hasRowNames {
        canvas.write(name, x: Double(x) - 7, y: Double(y) + middle, .init(.right, .middle))
      }
      canvas.write(
        name, x: Double(x) + middle, y: Double(y + side) + 7, .init(.right, .middle), turnedBy: 90)
    }
  }

  /// Two digits without the leading zero, so that it fits.
  private static func text(_ number: Double) -> String {
    let text = LevelBars.decimals(number, 2)
    if text == "\u{2212}0.00" { return ".00" }
    return abs(number) < 0.995 ? text.replacing("0.", with: ".", maxReplacements: 1) : text
  }
}
