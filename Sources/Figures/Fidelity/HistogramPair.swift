import CVAEEvaluation
import ConditionalData

/// Two histograms of a column of numbers, one over the other.
struct HistogramPair {
  let shape: ColumnShape
  let low: Double
  let high: Double

  func draw(in outer: Canvas.Rectangle, on canvas: Canvas) {
    let highest = max(shape.real.max() ?? 0, shape.synthetic.max() ?? 0)
    var horizontal = LinearAxis(covering: low...high, tickCount: 4, margin: 0.02)
    if var ticks = shape.form?.timeTicks(in: horizontal.range, atMost: 4) {
      // Its label would meet that of the other axis.
      if ticks.count > 2, let first = ticks.first, horizontal.share(of: first.number) < 0.05 {
        ticks.removeFirst()
      }
      horizontal = horizontal.marked(at: ticks.map(\.number), ticks.map(\.label))
    }
    let panel = PlotPanel(
      in: outer, horizontal: horizontal,
      vertical: LinearAxis(
        covering: 0...(highest > 0 ? 1.06 * highest : 1), tickCount: 4, margin: 0),
      horizontalLabel: "", verticalLabel: "share", typeface: canvas.typeface)
    panel.drawAxes(on: canvas)
    canvas.clipped(to: panel.area) {
      for (shares, color) in [
        (shape.real, ColumnFigure.realColor), (shape.synthetic, ColumnFigure.syntheticColor),
      ] {
        fill(shares, color.opacity(0.2), in: panel, on: canvas)
        canvas.drawPolyline(outline(shares, in: panel), width: 1.6, color: color)
      }
    }
    canvas.outline(panel.area, with: FigureStyle.frame)
  }

  private func edge(_ index: Int, of count: Int) -> Double {
    low + (high - low) * Double(index) / Double(count)
  }

  private func fill(
    _ shares: [Double], _ color: Canvas.Color, in panel: PlotPanel, on canvas: Canvas
  ) {
    for (index, share) in shares.enumerated() {
      let start = panel.point(edge(index, of: shares.count), share)
      let end = panel.point(edge(index + 1, of: shares.count), 0)
      let (left, top) = (Int(start.x.rounded()), Int(start.y.rounded()))
      canvas.fill(
        Canvas.Rectangle(
          x: left, y: top, width: Int(end.x.rounded()) - left, height: Int(end.y.rounded()) - top),
        with: color)
    }
  }

  /// The outline: from the baseline over all bins and back to the baseline.
  private func outline(_ shares: [Double], in panel: PlotPanel) -> [Canvas.Point] {
    var points = [panel.point(low, 0)]
    for (index, share) in shares.enumerated() {
      points.append(panel.point(edge(index, of: shares.count), share))
      points.append(panel.point(edge(index + 1, of: shares.count), share))
    }
    return points + [panel.point(high, 0)]
  }
}
