/// How the evidence lower bound and the KL divergence developed while a model was trained.
///
/// Two panels side by side, each with one line for the training records and one for the validation
/// records. Where the first epoch lies so far off that the others would be squeezed into a tenth of
/// the height, the panel shows the others and names the first in words. Values that aren't finite
/// are skipped.
public struct LearningCurve: Sendable {
  /// The means of an epoch over some records, in nats per record.
  public struct Terms: Hashable, Sendable {
    /// The evidence lower bound, unweighted.
    public var elbo: Double
    /// The KL divergence of the recognition network from the prior.
    public var kl: Double

    /// Pairs the bound with the divergence; their sum is the log-likelihood.
    public init(elbo: Double, kl: Double) {
      self.elbo = elbo
      self.kl = kl
    }
  }

  /// One epoch.
  public struct Point: Hashable, Sendable {
    /// Its number.
    public var epoch: Int
    /// Over the training records.
    public var train: Terms
    /// Over the validation records, where there are any.
    public var validation: Terms?

    /// Makes the record of an epoch.
    public init(epoch: Int, train: Terms, validation: Terms? = nil) {
      self.epoch = epoch
      self.train = train
      self.validation = validation
    }
  }

  /// The epochs in ascending order.
  let points: [Point]
  let title: String
  let bestEpoch: Int?

  /// Collects the epochs of a run.
  ///
  /// - Parameters:
  ///   - points: in any order; none gives empty panels.
  ///   - title: stands above the panels; may be empty.
  ///   - bestEpoch: gets a dashed line, where it is among `points`.
  public init(points: [Point], title: String = "", bestEpoch: Int? = nil) {
    self.points = points.sorted { $0.epoch < $1.epoch }
    self.title = title
    self.bestEpoch = points.contains { $0.epoch == bestEpoch } ? bestEpoch : nil
  }

  /// The width and height of the picture in pixels.
  public static let size = (width: 900, height: 400)

  /// Draws both panels.
  public func canvas(typeface: Canvas.Typeface = .usual) throws(CanvasFailure) -> Canvas {
    let canvas = try Canvas(
      width: Self.size.width, height: Self.size.height, background: FigureStyle.paper,
      typeface: typeface)
    let legendStart = drawLegend(on: canvas)
    canvas.write(
      typeface.shortened(title, to: legendStart - 36, points: FigureStyle.titlePoints), x: 16,
      y: 24, points: FigureStyle.titlePoints, .init(.left, .middle))
    let panelWidth = Self.size.width / 2 - 24
    for (x, heading, term) in [(12, "ELBO", \Terms.elbo), (456, "KL divergence", \Terms.kl)] {
      drawPanel(
        in: Canvas.Rectangle(x: x, y: 76, width: panelWidth, height: Self.size.height - 88),
        heading: heading, term: term, on: canvas)
    }
    return canvas
  }

  /// The figure as the bytes of a PNG file.
  public func pngData() throws(CanvasFailure) -> [UInt8] { try canvas().pngData() }

  private func drawPanel(
    in outer: Canvas.Rectangle, heading: String, term: KeyPath<Terms, Double>, on canvas: Canvas
  ) {
    let train = LearningSeries(points.map { ($0.epoch, $0.train[keyPath: term]) })
    let validation = LearningSeries(
      points.compactMap { point in
        point.validation.map { (point.epoch, $0[keyPath: term]) }
      })
    let focus = LearningFocus(train, validation)
    let epochs = (points.first?.epoch ?? 0)...(points.last?.epoch ?? 1)
    let panel = PlotPanel(
      in: outer,
      horizontal: LinearAxis(
        covering: Double(epochs.lowerBound)...Double(epochs.upperBound), margin: 0.03,
        wholeNumbers: true),
      vertical: LinearAxis(covering: focus.range),
      horizontalLabel: "epoch", verticalLabel: "nats per record", typeface: canvas.typeface)

    panel.drawAxes(on: canvas)
    drawHeadings(heading, offScale: focus.offScale, above: panel.area, on: canvas)
    canvas.clipped(to: panel.area) {
      if let bestEpoch { drawBest(bestEpoch, in: panel, on: canvas) }
      train.draw(in: panel, color: Self.trainColor, on: canvas)
      validation.draw(in: panel, color: Self.validationColor, on: canvas)
    }
    canvas.outline(panel.area, with: FigureStyle.frame)
    if train.values.isEmpty && validation.values.isEmpty {
      panel.drawNote("no finite values", on: canvas)
    }
  }

  private func drawHeadings(
    _ heading: String, offScale: LearningFocus.OffScale?, above area: Canvas.Rectangle,
    on canvas: Canvas
  ) {
    let y = Double(area.y) - 10
    canvas.write(heading, x: Double(area.x), y: y, points: FigureStyle.headingPoints)
    guard let offScale else { return }
    let taken = canvas.typeface.width(of: heading, points: FigureStyle.headingPoints) + 16
    let note = canvas.typeface.shortened(
      offScale.description, to: area.width - taken, points: FigureStyle.tickPoints)
    canvas.write(
      note, x: Double(area.x + area.width), y: y, color: FigureStyle.quietText,
      .init(.right, .baseline))
  }

  private func drawBest(_ epoch: Int, in panel: PlotPanel, on canvas: Canvas) {
    let column = Int(panel.point(Double(epoch), panel.vertical.range.lowerBound).x)
    for row in stride(from: panel.area.y + 4, to: panel.area.y + panel.area.height, by: 8) {
      canvas.fill(
        Canvas.Rectangle(x: column, y: row, width: 1, height: 5), with: FigureStyle.green)
    }
  }

  /// Draws the legend at the right of the title and returns where it begins.
  private func drawLegend(on canvas: Canvas) -> Int {
    var entries: [(name: String, color: Canvas.Color, isDashed: Bool)] = []
    if let bestEpoch { entries.append(("best epoch: \(bestEpoch)", FigureStyle.green, true)) }
    if points.contains(where: { $0.validation != nil }) {
      entries.append(("validation", Self.validationColor, false))
    }
    entries.append(("train", Self.trainColor, false))
    var right = Self.size.width - 16
    for entry in entries {
      canvas.write(
        entry.name, x: Double(right), y: 24, points: FigureStyle.labelPoints,
        .init(.right, .middle))
      right -= canvas.typeface.width(of: entry.name, points: FigureStyle.labelPoints) + 30
      for dash in 0..<(entry.isDashed ? 3 : 1) {
        canvas.fill(
          Canvas.Rectangle(x: right + dash * 9, y: 23, width: entry.isDashed ? 5 : 23, height: 2),
          with: entry.color)
      }
      right -= 22
    }
    return right + 22
  }

  static let trainColor = FigureStyle.blue
  static let validationColor = FigureStyle.vermillion
}
