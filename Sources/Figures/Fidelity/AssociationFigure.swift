import CVAEEvaluation

/// The associations of columns in real and in synthetic rows, and their differences, as three maps of
/// colours.
struct AssociationFigure {
  /// Columns that are shown, at most.
  static let most = 100

  private let names: [String]
  private let real: [[Double]]
  private let synthetic: [[Double]]
  /// What the real rows are called.
  private let realName: String
  /// Whether there are more columns.
  let isShortened: Bool

  private static let border = 16
  private static let gap = 28
  private static let widestName = 110
  /// The intended pixels along a map's side.
  private static let side = 368

  /// Nil without columns.
  init?(_ report: FidelityReport) {
    let all = report.associations.columns
    guard !all.isEmpty else { return nil }
    names = Array(all.prefix(Self.most))
    isShortened = all.count > Self.most
    realName = report.realName
    real = report.associations.values.prefix(Self.most).map { Array($0.prefix(Self.most)) }
    synthetic = report.syntheticAssociations.values.prefix(Self.most)
      .map { Array($0.prefix(Self.most)) }
  }

  func canvas(typeface: Canvas.Typeface = .usual) throws(CanvasFailure) -> Canvas {
    // Smaller cells would have no room for a line of text.
    let cell = min(max(Self.side / names.count, 13), 46)
    let points = FigureStyle.tickPoints
    let shown = names.map { typeface.shortened($0, to: Self.widestName, points: points) }
    let nameWidth = shown.map { typeface.width(of: $0, points: points) }.max() ?? 0
    let side = cell * names.count
    let left = Self.border + nameWidth + 8
    let headed = Self.border + FigureStyle.leading(FigureStyle.headingPoints)
    let line = headed + side + nameWidth + 8
    let second = left + max(side, 200) + Self.gap
    let canvas = try Canvas(
      width: second + max(side, 230) + Self.border, height: 2 * line + Self.border,
      background: FigureStyle.paper, typeface: typeface)

    let differences = zip(real, synthetic).map { rows in
      zip(rows.0, rows.1).map { abs($0 - $1) }
    }
    let largest = differences.joined().max() ?? 0
    let scale = HeatScale.difference(upTo: max(0.1, (largest * 10).rounded(.up) / 10))
    for (heading, values, x, y, colors, hasNames) in [
      (realName, real, left, headed, HeatScale.association, true),
      ("synthetic", synthetic, second, headed, .association, false),
      ("absolute difference", differences, left, line + headed, scale, true),
    ] {
      let map = HeatMap(
        values: values, names: shown, hasRowNames: hasNames, cell: cell, scale: colors)
      map.draw(heading: heading, x: x, y: y, on: canvas)
    }
    HeatScale.association.drawLegend(
      "association", x: second, y: line + headed, on: canvas)
    scale.drawLegend("absolute difference", x: second, y: line + headed + 76, on: canvas)
    return canvas
  }

  func pngData() throws(CanvasFailure) -> [UInt8] { try canvas().pngData() }
}
