import Foundation

/// One line of a ``LearningCurve``: the finite values of a term, by epoch.
struct LearningSeries {
  let values: [(epoch: Int, value: Double)]

  /// Keeps what can be drawn; numbers near the end of `Double`'s range overflow a range's width.
  init(_ values: [(Int, Double)]) {
    self.values = values.filter { abs($0.1) < 1e100 }
  }

  /// Draws a line, with dots as long as they stay apart.
  func draw(in panel: PlotPanel, color: Canvas.Color, on canvas: Canvas) {
    let places = values.map { panel.point(Double($0.epoch), $0.value) }
    canvas.drawPolyline(places, width: 1.8, color: color)
    guard places.count * 9 <= panel.area.width else { return }
    for place in places { canvas.fillDisc(at: place, radius: 2.8, color: color) }
  }
}

/// The values that a panel of a ``LearningCurve`` shows.
struct LearningFocus {
  /// A first epoch that is left out of the range.
  struct OffScale: Equatable, CustomStringConvertible {
    let epoch: Int
    /// Its values that lie outside.
    let values: [Double]

    /// Such as "off scale: epoch 1, −48301 and −4712".
    var description: String {
      let numbers = values.map {
        String(format: abs($0) < 1000 ? "%.4g" : abs($0) < 1e7 ? "%.0f" : "%.2e", $0)
          .replacing("-", with: "\u{2212}")
      }
      return "off scale: epoch \(epoch), \(numbers.joined(separator: " and "))"
    }
  }

  /// The range that the vertical axis must cover.
  let range: ClosedRange<Double>
  /// The first epoch, where it would squeeze the others into a tenth of the height.
  let offScale: OffScale?

  /// Looks at all lines of a panel together.
  init(_ series: LearningSeries...) {
    let all = series.flatMap(\.values)
    let first = all.map(\.epoch).min()
    let later = all.filter { $0.epoch != first }
    let whole = Self.range(all.map(\.value)) ?? 0...1
    let rest = Self.range(later.map(\.value))
    if let first, let rest, Set(later.map(\.epoch)).count > 1, Self.width(rest) > 0,
      Self.width(whole) > 10 * Self.width(rest)
    {
      range = rest
      offScale = OffScale(
        epoch: first,
        values: all.filter { $0.epoch == first && !rest.contains($0.value) }.map(\.value))
    } else {
      range = whole
      offScale = nil
    }
  }

  private static func range(_ values: [Double]) -> ClosedRange<Double>? {
    guard let low = values.min(), let high = values.max() else { return nil }
    return low...high
  }

  private static func width(_ range: ClosedRange<Double>) -> Double {
    range.upperBound - range.lowerBound
  }
}
