/// The look of one dot of a ``LatentMap``.
struct LatentMapMarker: Equatable {
  let color: Canvas.Color
  let isRing: Bool

  static let unknownColor = Canvas.Color(0xC4C4C4)

  func draw(at point: Canvas.Point, opacity: Double, inLegend: Bool = false, on canvas: Canvas) {
    let color = color.opacity(opacity)
    let (ring, width, disc) = inLegend ? (4, 1.6, 4.5) : (2.8, 1.3, 2.3)
    if isRing {
      canvas.drawRing(at: point, radius: ring, width: width, color: color)
    } else {
      canvas.fillDisc(at: point, radius: disc, color: color)
    }
  }
}

/// The names of a ``LatentMap``'s levels, or the gradient between the first and the last.
struct LatentMapLegend {
  private enum Content {
    case nothing
    case names([(name: String, marker: LatentMapMarker)])
    case gradient(first: String, last: String)
  }

  private let content: Content
  /// The width in pixels that it takes beside the map.
  let width: Int

  private static let widestName = 150
  private static let swatch = 18
  private static let gap = 12

  init(_ map: LatentMap, typeface: Canvas.Typeface) {
    let points = FigureStyle.labelPoints
    func shortened(_ name: String) -> String {
      typeface.shortened(name, to: Self.widestName, points: points)
    }
    let names: [String]
    if map.levels.isEmpty {
      content = .nothing
      names = []
    } else if map.levels.count > LatentMap.namedLevels, let first = map.levels.first,
      let last = map.levels.last
    {
      names = [shortened(first), shortened(last)]
      content = .gradient(first: names[0], last: names[1])
    } else {
      var entries = map.levels.enumerated().map { level, name in
        (name: shortened(name), marker: map.marker(for: level))
      }
      if map.points.contains(where: { $0.level == nil }) {
        entries.append((name: "unknown", marker: map.marker(for: nil)))
      }
      content = .names(entries)
      names = entries.map(\.name)
    }
    let widest = names.map { typeface.width(of: $0, points: points) }.max()
    width = widest.map { Self.gap + Self.swatch + $0 } ?? 0
  }

  /// Draws it from the top of the map's area downwards.
  func draw(rightOf area: Canvas.Rectangle, on canvas: Canvas) {
    let left = area.x + area.width + Self.gap
    switch content {
    case .nothing:
      break
    case .names(let entries):
      for (index, entry) in entries.enumerated() {
        let y = Double(area.y + 9 + index * 22) + 0.5
        let center = Canvas.Point(x: Double(left + 5) + 0.5, y: y)
        entry.marker.draw(at: center, opacity: 1, inLegend: true, on: canvas)
        drawName(entry.name, left: left, y: y, on: canvas)
      }
    case .gradient(let first, let last):
      let height = min(area.height, 240)
      for row in 0..<height {
        canvas.fill(
          Canvas.Rectangle(x: left, y: area.y + row, width: 12, height: 1),
          with: FigureStyle.gradient(1 - Double(row) / Double(max(height - 1, 1))))
      }
      drawName(last, left: left, y: Double(area.y) + 5, on: canvas)
      drawName(first, left: left, y: Double(area.y + height) - 5, on: canvas)
    }
  }

  private func drawName(_ name: String, left: Int, y: Double, on canvas: Canvas) {
    canvas.write(
      name, x: Double(left + Self.swatch), y: y, points: FigureStyle.labelPoints,
      .init(.left, .middle))
  }
}
