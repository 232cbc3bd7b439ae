import Testing

@testable import Figures

@Suite struct LatentMapTests {
  static func map(_ points: [LatentMap.Point], levels: Int) -> LatentMap {
    LatentMap(
      points: points, levels: (0..<levels).map { "level \($0)" }, horizontalLabel: "u0",
      verticalLabel: "u1", title: "Map")
  }

  @Test func aPointLandsWhereItsCoordinatesSay() throws {
    let corners: [LatentMap.Point] = [
      .init(x: -2, y: -1, level: 0), .init(x: 2, y: -1, level: 0), .init(x: 2, y: 1, level: 1),
    ]
    let canvas = try Self.map(corners, levels: 2).canvas()
    #expect(canvas.width == 800 && canvas.height == 640)
    func nearest(_ color: Canvas.Color) -> [(x: Int, y: Int)] {
      (0..<canvas.height).flatMap { y in
        (0..<canvas.width).filter { x in
          let pixel = canvas.pixel(x: x, y: y)
          let mixed = color.opacity(0.75)
          return pixel
            == Canvas.Color(
              red: Self.onWhite(mixed.red), green: Self.onWhite(mixed.green),
              blue: Self.onWhite(mixed.blue))
        }.map { (x: $0, y: y) }
      }
    }
    let first = nearest(FigureStyle.categories[0])
    let second = nearest(FigureStyle.categories[1])
    #expect(!first.isEmpty && first.allSatisfy { $0.y > 500 }, "both lie at the bottom")
    #expect(first.contains { $0.x < 150 } && first.contains { $0.x > 600 })
    #expect(!second.isEmpty && second.allSatisfy { $0.y < 100 && $0.x > 600 })
  }

  /// A part of a colour of opacity ¾ over white.
  private static func onWhite(_ part: UInt8) -> UInt8 {
    UInt8((255 + (Double(part) - 255) * 0.75).rounded())
  }

  @Test func twentyLevelsLookDifferent() {
    let map = Self.map([], levels: 20)
    for first in 0..<20 {
      for second in 0..<first {
        #expect(map.marker(for: first) != map.marker(for: second), "\(first) and \(second)")
      }
    }
  }

  @Test func moreLevelsGetAGradient() throws {
    let map = Self.map([.init(x: 0, y: 0, level: 20)], levels: 21)
    #expect(map.marker(for: 0).color == Canvas.Color(0x440154))
    #expect(map.marker(for: 20).color == Canvas.Color(0xFDE725))
    #expect(map.marker(for: 10).color == Canvas.Color(0x21918C))
    #expect(try LearningCurveTests.count(Canvas.Color(0x440154), in: map.canvas()) >= 12)
  }

  @Test func theLegendNamesTheLevels() throws {
    func bytes(_ name: String) throws -> [UInt8] {
      try LatentMap(
        points: [.init(x: 0, y: 0, level: 0)], levels: [name], horizontalLabel: "u0",
        verticalLabel: "u1"
      ).pngData()
    }
    #expect(try bytes("bdb") != bytes("bbb"), "equally wide, so that only the letters differ")
    let unnamed = LatentMap(
      points: [.init(x: 0, y: 0)], levels: [], horizontalLabel: "u0", verticalLabel: "u1")
    #expect(LatentMapLegend(unnamed, typeface: .usual).width == 0)
    #expect(LatentMapLegend(Self.map([], levels: 3), typeface: .usual).width > 40)
  }

  @Test func oddPointsDoNoHarm() throws {
    let odd: [LatentMap.Point] = [
      .init(x: .nan, y: 0, level: 0), .init(x: 0, y: .infinity), .init(x: 1e300, y: 0, level: 1),
      .init(x: 1, y: 1, level: 99), .init(x: 2, y: 2, level: -1),
    ]
    let map = Self.map(odd, levels: 2)
    #expect(map.points == [.init(x: 1, y: 1), .init(x: 2, y: 2)])
    #expect(try map.pngData() != Self.map([], levels: 2).pngData())
    #expect(try Self.map([.init(x: 3, y: 3, level: 1)], levels: 2).canvas().width == 800)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 10, 97, 1000])
  func everyPointIsDrawnOnce(count: Int) {
    let order = LatentMap.mixedOrder(count)
    #expect(order.sorted() == Array(0..<count))
  }

  @Test(arguments: [97, 1000])
  func neighboursAreDrawnFarApart(count: Int) {
    let order = LatentMap.mixedOrder(count)
    let jumps = zip(order, order.dropFirst()).map { abs($0 - $1) }
    #expect(!jumps.isEmpty && jumps.allSatisfy { $0 > count / 4 })
  }
}
