import CVAEEvaluation
import ConditionalData

/// A pair of bars for each level of a category, from left to right.
struct LevelBars {
  let shape: ColumnShape
  let names: [String]
  /// Levels that aren't shown.
  let others: Int

  private static let widestName = 96
  private static let below = 40

  func draw(in outer: Canvas.Rectangle, on canvas: Canvas) {
    let points = FigureStyle.tickPoints
    let shown = shortened(typeface: canvas.typeface)
    let nameWidth = shown.map { canvas.typeface.width(of: $0, points: points) }.max() ?? 0
    let left = max(nameWidth, 24) + 8
    let area = Canvas.Rectangle(
      x: outer.x + left, y: outer.y, width: outer.width - left, height: outer.height - Self.below)
    let longest = max(shape.real.max() ?? 0, shape.synthetic.max() ?? 0)
    let axis = LinearAxis(
      covering: 0...(longest > 0 ? 1.06 * longest : 1), tickCount: 4, margin: 0)
    canvas.drawTicks(of: axis, across: area)
    canvas.write(
      others == 0 ? "share" : "share (\(others) rarer level\(others == 1 ? "" : "s") left out)",
      x: Double(outer.x + outer.width),
      y: Double(area.y + area.height + 10 + FigureStyle.leading(points)),
      points: FigureStyle.labelPoints, .init(.right, .top))
    let slot = Double(area.height) / Double(max(names.count, 1))
    for (index, name) in shown.enumerated() {
      let middle = Double(area.y) + (Double(index) + 0.5) * slot
      let thickness = max(2, min(Int(slot * 0.38), 14))
      for (share, color, top) in [
        (shape.real[index], ColumnFigure.realColor, Int(middle.rounded()) - thickness),
        (shape.synthetic[index], ColumnFigure.syntheticColor, Int(middle.rounded())),
      ] {
        let bar = Canvas.Rectangle(
          x: area.x, y: top, width: Int((axis.share(of: share) * Double(area.width)).rounded()),
          height: thickness)
        canvas.fill(bar, with: color.opacity(0.35))
        canvas.outline(bar, with: color)
      }
      canvas.write(name, x: Double(area.x) - 6, y: middle, .init(.right, .middle))
    }
    canvas.outline(area, with: FigureStyle.frame)
  }

  /// The beginnings of the names, or their ends if the beginnings don't tell them apart.
  private func shortened(typeface: Canvas.Typeface) -> [String] {
    func shortened(_ name: String) -> String {
      typeface.shortened(name, to: Self.widestName, points: FigureStyle.tickPoints)
    }
    let beginnings = names.map(shortened)
    guard Set(beginnings).count < names.count else { return beginnings }
    return names.map { String(shortened(String($0.reversed())).reversed()) }
  }

  /// A number with so many digits behind the point.
  static func decimals(_ number: Double, _ digits: Int) -> String {
    number.text(digits).replacing("-", with: "\u{2212}")
  }
}
