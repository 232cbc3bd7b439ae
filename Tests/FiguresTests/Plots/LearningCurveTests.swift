import Testing

@testable import Figures

@Suite struct LearningCurveTests {
  static func point(_ epoch: Int, _ elbo: Double, validation: Double? = nil) -> LearningCurve.Point
  {
    .init(
      epoch: epoch, train: .init(elbo: elbo, kl: 10 - elbo / 100),
      validation: validation.map { .init(elbo: $0, kl: 11 - $0 / 100) })
  }

  /// How many pixels have a colour.
  static func count(_ color: Canvas.Color, in canvas: Canvas) -> Int {
    (0..<canvas.height).reduce(0) { sum, y in
      sum + (0..<canvas.width).count { canvas.pixel(x: $0, y: y) == color }
    }
  }

  @Test func drawsALineForEachPresentSplit() throws {
    let points = (1...10).map { Self.point($0, -300 + Double($0), validation: -310 + Double($0)) }
    let both = try LearningCurve(points: points, title: "Run").canvas()
    #expect(both.width == 900 && both.height == 400)
    #expect(Self.count(LearningCurve.trainColor, in: both) > 400)
    #expect(Self.count(LearningCurve.validationColor, in: both) > 400)
    let alone = try LearningCurve(points: (1...10).map { Self.point($0, Double($0)) }).canvas()
    #expect(Self.count(LearningCurve.trainColor, in: alone) > 400)
    #expect(Self.count(LearningCurve.validationColor, in: alone) == 0)
  }

  @Test func theBestEpochIsMarkedWhereItExists() throws {
    let points = (1...9).map { Self.point($0, Double($0)) }
    let marked = try LearningCurve(points: points, bestEpoch: 7).canvas()
    #expect(Self.count(FigureStyle.green, in: marked) > 100)
    let absent = try LearningCurve(points: points, bestEpoch: 70).canvas()
    #expect(Self.count(FigureStyle.green, in: absent) == 0)
  }

  @Test func theOrderOfPointsDoesNotMatter() throws {
    let points = (1...9).map { Self.point($0, Double($0 * $0)) }
    #expect(
      try LearningCurve(points: points).pngData()
        == LearningCurve(points: points.reversed()).pngData())
  }

  @Test func aFirstEpochFarOffIsNamedInsteadOfShown() {
    let series = LearningSeries([(1, -54_321.5), (2, -260), (3, -250), (4, -245)])
    let focus = LearningFocus(series, LearningSeries([(1, -252), (4, -240)]))
    #expect(focus.range == -260 ... -240)
    #expect(focus.offScale?.description == "off scale: epoch 1, \u{2212}54322")
  }

  @Test func anOrdinaryFirstEpochIsShown() {
    let ordinary = LearningFocus(LearningSeries([(1, -300), (2, -262), (3, -250), (4, -245)]))
    #expect(ordinary.range == -300 ... -245 && ordinary.offScale == nil)
    let two = LearningFocus(LearningSeries([(1, -9000), (2, -262)]))
    #expect(two.range == -9000 ... -262 && two.offScale == nil)
    let level = LearningFocus(LearningSeries([(1, -9000), (2, -262), (3, -262)]))
    #expect(level.range == -9000 ... -262 && level.offScale == nil)
  }

  @Test func valuesThatAreNotFiniteAreSkipped() throws {
    let series = LearningSeries([(1, .nan), (2, 3), (3, .infinity), (4, -1e300), (5, 4)])
    #expect(series.values.map(\.epoch) == [2, 5])
    let odd: [LearningCurve.Point] = [
      Self.point(1, .nan), Self.point(2, -.infinity, validation: .nan), Self.point(3, 1e308),
    ]
    let canvas = try LearningCurve(points: odd, title: "nothing").canvas()
    let clean = try LearningCurve(points: odd + [Self.point(4, 5)]).canvas()
    let dots = Self.count(LearningCurve.trainColor, in: clean)
    #expect(dots > Self.count(LearningCurve.trainColor, in: canvas))
  }

  @Test func fewPointsAreEnough() throws {
    for points in [[], [Self.point(1, -250)], [Self.point(0, 1), Self.point(0, 1)]] {
      #expect(try LearningCurve(points: points).canvas().width == 900)
    }
  }

  @Test func theTitleChangesThePictureAndNeverReachesTheLegend() throws {
    let points = [Self.point(1, -250), Self.point(2, -240)]
    let short = try LearningCurve(points: points, title: "Run").canvas()
    let long = try LearningCurve(
      points: points, title: String(repeating: "Fashion-MNIST ", count: 40)
    ).canvas()
    #expect(try short.pngData() != long.pngData())
    for y in 0..<48 {
      for x in 800..<900 { #expect(short.pixel(x: x, y: y) == long.pixel(x: x, y: y)) }
    }
  }
}
