import CGD

extension Canvas {
  /// Fills a block of pixels.
  public func fill(_ rectangle: Rectangle, with color: Color) {
    let area = rectangle.intersection(clip)
    for row in area.rows {
      if color.opacity >= 1, let line = image.pointee.tpixels?[row] {
        (line + area.x).update(repeating: color.word, count: area.width)
      } else {
        for column in area.columns { blend(color, coverage: 1, column: column, row: row) }
      }
    }
  }

  /// Draws the outline of a block, one pixel wide and inside it.
  public func outline(_ rectangle: Rectangle, with color: Color) {
    let (x, y) = (rectangle.x, rectangle.y)
    let (width, height) = (rectangle.width, rectangle.height)
    guard width > 0, height > 0 else { return }
    fill(Rectangle(x: x, y: y, width: width, height: 1), with: color)
    fill(Rectangle(x: x, y: y + height - 1, width: width, height: 1), with: color)
    fill(Rectangle(x: x, y: y + 1, width: 1, height: height - 2), with: color)
    fill(Rectangle(x: x + width - 1, y: y + 1, width: 1, height: height - 2), with: color)
  }

  /// Draws connected lines with round ends and joints and smooth edges; a transparent colour doesn't
  /// darken where they meet.
  ///
  /// A point with a coordinate that isn't finite interrupts the line.
  public func drawPolyline(_ points: [Point], width: Double = 1, color: Color) {
    let reach = width / 2 + 1
    let finite = points.filter(\.isFinite)
    guard points.count > 1, let first = finite.first else { return }
    var corner = (low: first, high: first)
    for point in finite {
      corner.low = Point(x: min(corner.low.x, point.x), y: min(corner.low.y, point.y))
      corner.high = Point(x: max(corner.high.x, point.x), y: max(corner.high.y, point.y))
    }
    let area = pixels(from: corner.low, to: corner.high, reach: reach)
    guard area.width > 0, area.height > 0 else { return }
    var coverage = [Float](repeating: 0, count: area.width * area.height)

    for (start, end) in zip(points, points.dropFirst()) where start.isFinite && end.isFinite {
      let low = Point(x: min(start.x, end.x), y: min(start.y, end.y))
      let high = Point(x: max(start.x, end.x), y: max(start.y, end.y))
      let part = pixels(from: low, to: high, reach: reach)
      for row in part.rows {
        for column in part.columns {
          let center = Point(x: Double(column) + 0.5, y: Double(row) + 0.5)
          let share = Float(width / 2 + 0.5 - center.distance(toLineFrom: start, to: end))
          let index = (row - area.y) * area.width + column - area.x
          coverage[index] = max(coverage[index], min(share, 1))
        }
      }
    }
    for row in area.rows {
      for column in area.columns {
        let share = coverage[(row - area.y) * area.width + column - area.x]
        if share > 0 { blend(color, coverage: Double(share), column: column, row: row) }
      }
    }
  }

  /// Fills a circle with a smooth edge.
  public func fillDisc(at center: Point, radius: Double, color: Color) {
    cover(around: center, reach: radius + 1, color: color) { radius + 0.5 - $0 }
  }

  /// Draws a circle's line with smooth edges.
  public func drawRing(at center: Point, radius: Double, width: Double = 1, color: Color) {
    cover(around: center, reach: radius + width + 1, color: color) {
      width / 2 + 0.5 - abs($0 - radius)
    }
  }

  /// Blends every pixel near `center` by `coverage`, a function of its distance.
  private func cover(
    around center: Point, reach: Double, color: Color, coverage: (Double) -> Double
  ) {
    guard center.isFinite, reach.isFinite else { return }
    let area = pixels(from: center, to: center, reach: reach)
    for row in area.rows {
      for column in area.columns {
        let distance = Point(x: Double(column) + 0.5, y: Double(row) + 0.5).distance(to: center)
        let share = min(coverage(distance), 1)
        if share > 0 { blend(color, coverage: share, column: column, row: row) }
      }
    }
  }

  /// The pixels that can be drawn on within `reach` of the block between two corners.
  private func pixels(from low: Point, to high: Point, reach: Double) -> Rectangle {
    func clamped(_ value: Double) -> Int { Int(min(max(value, -1e6), 1e6)) }
    let left = clamped((low.x - reach).rounded(.down))
    let top = clamped((low.y - reach).rounded(.down))
    let right = clamped((high.x + reach).rounded(.up))
    let bottom = clamped((high.y + reach).rounded(.up))
    return Rectangle(x: left, y: top, width: right - left, height: bottom - top)
      .intersection(clip)
  }

  /// Lays a colour over one pixel, which must lie within ``clip``.
  func blend(_ color: Color, coverage: Double, column: Int, row: Int) {
    guard let line = image.pointee.tpixels?[row] else { return }
    line[column] = color.over(Color(word: line[column]), coverage: coverage).word
  }
}

extension Canvas.Point {
  fileprivate func distance(to other: Self) -> Double {
    let (across, down) = (other.x - x, other.y - y)
    return (across * across + down * down).squareRoot()
  }

  /// The distance to the nearest place of a line between two points.
  fileprivate func distance(toLineFrom start: Self, to end: Self) -> Double {
    let (across, down) = (end.x - start.x, end.y - start.y)
    let squaredLength = across * across + down * down
    guard squaredLength > 0, squaredLength.isFinite else { return distance(to: start) }
    let share = ((x - start.x) * across + (y - start.y) * down) / squaredLength
    let nearest = min(max(share, 0), 1)
    return distance(to: Self(x: start.x + nearest * across, y: start.y + nearest * down))
  }
}
