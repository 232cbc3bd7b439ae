/// A map of records: two coordinates of each as a small dot, coloured by a level.
///
/// Up to twenty levels get a look each and a legend that names them, from the eleventh on as rings;
/// more get a gradient from the first level to the last. Points that aren't finite are skipped. The
/// dots are transparent, so that crowded places look darker, and those of all levels are drawn in
/// turn, so that none hides the others.
public struct LatentMap: Sendable {
  /// One record.
  public struct Point: Hashable, Sendable {
    /// The coordinate to the right.
    public var x: Double
    /// The coordinate upwards.
    public var y: Double
    /// The index of its level; nil where that isn't known.
    public var level: Int?

    /// Places a record.
    public init(x: Double, y: Double, level: Int? = nil) {
      self.x = x
      self.y = y
      self.level = level
    }
  }

  let points: [Point]
  let levels: [String]
  let horizontalLabel: String
  let verticalLabel: String
  let title: String

  /// Collects the records of a map.
  ///
  /// - Parameters:
  ///   - points: in any order.
  ///   - levels: the names of the levels. Without any, all dots have one colour; a point's level
  ///     outside them counts as unknown.
  ///   - horizontalLabel: what `x` is, such as `u0`.
  ///   - verticalLabel: what `y` is.
  ///   - title: stands above the map; may be empty.
  public init(
    points: [Point], levels: [String], horizontalLabel: String, verticalLabel: String,
    title: String = ""
  ) {
    let scale = points.map { max(abs($0.x), abs($0.y)) }
    self.points = zip(points, scale).filter { $0.1 < 1e100 }.map { point, _ in
      guard let level = point.level, levels.indices.contains(level) else {
        return Point(x: point.x, y: point.y)
      }
      return point
    }
    self.levels = levels
    self.horizontalLabel = horizontalLabel
    self.verticalLabel = verticalLabel
    self.title = title
  }

  /// The width and height of the picture in pixels.
  public static let size = (width: 800, height: 640)
  /// The largest number of levels that get a colour of their own.
  public static let namedLevels = 20

  /// Draws the map.
  public func canvas(typeface: Canvas.Typeface = .usual) throws(CanvasFailure) -> Canvas {
    let canvas = try Canvas(
      width: Self.size.width, height: Self.size.height, background: FigureStyle.paper,
      typeface: typeface)
    canvas.write(
      typeface.shortened(title, to: Self.size.width - 32, points: FigureStyle.titlePoints), x: 16,
      y: 24, points: FigureStyle.titlePoints, .init(.left, .middle))
    let legend = LatentMapLegend(self, typeface: typeface)
    let top = title.isEmpty ? 16 : 48
    let panel = PlotPanel(
      in: Canvas.Rectangle(
        x: 12, y: top, width: Self.size.width - 28 - legend.width,
        height: Self.size.height - top - 12),
      horizontal: axis(\.x), vertical: axis(\.y), horizontalLabel: horizontalLabel,
      verticalLabel: verticalLabel, typeface: typeface)

    panel.drawAxes(on: canvas)
    canvas.clipped(to: panel.area) { drawPoints(in: panel, on: canvas) }
    canvas.outline(panel.area, with: FigureStyle.frame)
    legend.draw(rightOf: panel.area, on: canvas)
    return canvas
  }

  /// The map as the bytes of a PNG file.
  public func pngData() throws(CanvasFailure) -> [UInt8] { try canvas().pngData() }

  private func axis(_ coordinate: KeyPath<Point, Double>) -> LinearAxis {
    let values = points.map { $0[keyPath: coordinate] }
    return LinearAxis(covering: (values.min() ?? 0)...(values.max() ?? 1), tickCount: 8)
  }

  private func drawPoints(in panel: PlotPanel, on canvas: Canvas) {
    guard !points.isEmpty else {
      panel.drawNote("no finite points", on: canvas)
      return
    }
    let opacity = min(max(60 / Double(points.count).squareRoot(), 0.25), 0.75)
    for index in Self.mixedOrder(points.count) {
      let point = points[index]
      marker(for: point.level).draw(
        at: panel.point(point.x, point.y), opacity: opacity, on: canvas)
    }
  }

  /// What a record of a level looks like.
  func marker(for level: Int?) -> LatentMapMarker {
    guard let level else {
      return LatentMapMarker(
        color: levels.isEmpty ? FigureStyle.blue : LatentMapMarker.unknownColor, isRing: false)
    }
    if levels.count > Self.namedLevels {
      let share = Double(level) / Double(levels.count - 1)
      return LatentMapMarker(color: FigureStyle.gradient(share), isRing: false)
    }
    let colors = FigureStyle.categories
    return LatentMapMarker(color: colors[level % colors.count], isRing: level >= colors.count)
  }

  /// Every index once, far from the one before: records often come sorted by level.
  static func mixedOrder(_ count: Int) -> [Int] {
    guard count > 2 else { return Array(0..<count) }
    var stride = Int(Double(count) * 0.618)
    while greatestCommonDivisor(stride, count) != 1 { stride += 1 }
    return (0..<count).map { $0 * stride % count }
  }

  private static func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
    var (larger, smaller) = (first, second)
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return larger
  }
}
