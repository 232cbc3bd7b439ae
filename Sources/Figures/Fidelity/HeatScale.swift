/// Colours for numbers from `low` to `high`.
struct HeatScale {
  let low: Double
  let high: Double
  /// At equal distances from `low` to `high`; joined linearly.
  let stops: [Canvas.Color]

  /// Blue for −1, white for 0, red for 1.
  ///
  /// - Source: Brewer's *RdBu*, 2003, which people with any kind of colour vision tell apart.
  static let association = HeatScale(
    low: -1, high: 1,
    stops: [0x2166AC, 0x92C5DE, 0xFFFFFF, 0xF4A582, 0xB2182B].map { Canvas.Color($0) })

  /// White for 0, dark violet for `high`.
  static func difference(upTo high: Double) -> HeatScale {
    HeatScale(
      low: 0, high: high, stops: [0xFFFFFF, 0xBCBDDC, 0x54278F].map { Canvas.Color($0) })
  }

  func color(_ number: Double) -> Canvas.Color {
    let share = min(max((number - low) / (high - low), 0), 1)
    let place = share * Double(stops.count - 1)
    let index = min(Int(place), stops.count - 2)
    return stops[index + 1].over(stops[index], coverage: place - Double(index))
  }

  /// Whether white letters show better on a colour than dark ones.
  static func isDark(_ color: Canvas.Color) -> Bool {
    0.299 * Double(color.red) + 0.587 * Double(color.green) + 0.114 * Double(color.blue) < 140
  }

  /// Draws a bar of all colours with its heading above and the numbers below.
  func drawLegend(_ heading: String, x: Int, y: Int, on canvas: Canvas) {
    let (width, height) = (200, 14)
    canvas.write(heading, x: Double(x), y: Double(y) - 8, points: FigureStyle.labelPoints)
    for column in 0..<width {
      let number = low + (high - low) * Double(column) / Double(width - 1)
      canvas.fill(
        Canvas.Rectangle(x: x + column, y: y, width: 1, height: height), with: color(number))
    }
    canvas.outline(
      Canvas.Rectangle(x: x - 1, y: y - 1, width: width + 2, height: height + 2),
      with: FigureStyle.frame)
    for share in [0, 0.5, 1] {
      canvas.write(
        LevelBars.decimals(low + (high - low) * share, low < 0 ? 0 : 2),
        x: Double(x) + share * Double(width), y: Double(y + height) + 6,
        .init(share == 0 ? .left : share == 1 ? .right : .center, .top))
    }
  }
}
