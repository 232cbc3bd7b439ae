import Testing

@testable import Figures

@Suite struct CanvasPixelTests {
  @Test func everyValueBecomesASquare() throws {
    let canvas = try Canvas(width: 12, height: 10, background: Canvas.Color(0x00FF00))
    canvas.drawPicture(
      [0, 0.2, 0.4, 0.6, 0.8, 1], height: 2, width: 3, channels: 1, x: 2, y: 1, scale: 3)
    let greys: [UInt8] = [0, 51, 102, 153, 204, 255]
    for y in 0..<6 {
      for x in 0..<9 {
        let grey = greys[y / 3 * 3 + x / 3]
        let expected = Canvas.Color(red: grey, green: grey, blue: grey)
        #expect(canvas.pixel(x: x + 2, y: y + 1) == expected, "column \(x), row \(y)")
      }
    }
    for (x, y) in [(1, 1), (2, 0), (11, 1), (2, 7)] {
      #expect(canvas.pixel(x: x, y: y) == Canvas.Color(0x00FF00), "column \(x), row \(y)")
    }
  }

  @Test func coloursKeepTheirOrder() throws {
    let canvas = try Canvas(width: 2, height: 1)
    canvas.drawPicture([1, 0.2, 0, 0, 0.4, 1], height: 1, width: 2, channels: 3, x: 0, y: 0)
    #expect(canvas.pixel(x: 0, y: 0) == Canvas.Color(0xFF3300))
    #expect(canvas.pixel(x: 1, y: 0) == Canvas.Color(0x0066FF))
  }

  @Test func valuesOutsideAreClamped() throws {
    let canvas = try Canvas(width: 6, height: 1, background: Canvas.Color(0x00FF00))
    canvas.drawPicture(
      [-3, 7, .nan, .infinity, -.infinity, 0.5], height: 1, width: 6, channels: 1, x: 0, y: 0)
    let greys = (0..<6).map { canvas.pixel(x: $0, y: 0).red }
    #expect(greys == [0, 255, 0, 255, 0, 128])
  }

  @Test func aPictureOverTheEdgeIsCut() throws {
    let canvas = try Canvas(width: 4, height: 4)
    let values = (0..<9).map { Float($0) / 10 }
    canvas.drawPicture(values, height: 3, width: 3, channels: 1, x: -2, y: -1, scale: 2)
    // Column 0 shows the picture's column 1; row 0 shows the lower half of its row 0.
    #expect(canvas.pixel(x: 0, y: 0).red == 26)
    #expect(canvas.pixel(x: 2, y: 1).red == 128)
  }

  @Test func aPNGFileHoldsTheSamePixels() throws {
    let canvas = try Canvas(width: 33, height: 17, background: Canvas.Color(0x102030))
    let values = (0..<11 * 5 * 3).map { Float($0 % 16) / 15 }
    canvas.drawPicture(values, height: 5, width: 11, channels: 3, x: 0, y: 1, scale: 3)
    canvas.draw("9", at: .init(x: 3, y: 15), points: 9, color: Canvas.Color(0xFF8800))
    let bytes = try canvas.pngData()
    #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    #expect(try canvas.pngData() == bytes)
    let decoded = try Canvas(pngData: bytes)
    try #require(decoded.width == 33 && decoded.height == 17)
    for y in 0..<17 {
      for x in 0..<33 {
        #expect(decoded.pixel(x: x, y: y) == canvas.pixel(x: x, y: y), "column \(x), row \(y)")
      }
    }
  }

  @Test func aForeignPaletteFileIsRead() throws {
    // Two pixels, red then blue, with a palette of two colours at one bit for each.
    let bytes: [UInt8] = [
      137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 2, 0, 0, 0, 1, 1, 3,
      0, 0, 0, 206, 236, 237, 201, 0, 0, 0, 6, 80, 76, 84, 69, 255, 0, 0, 0, 0, 255, 108, 161,
      253, 142, 0, 0, 0, 10, 73, 68, 65, 84, 120, 156, 99, 112, 0, 0, 0, 66, 0, 65, 41, 55, 244,
      239, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
    ]
    let canvas = try Canvas(pngData: bytes)
    #expect(canvas.width == 2 && canvas.height == 1)
    #expect(canvas.pixel(x: 0, y: 0) == Canvas.Color(0xFF0000))
    #expect(canvas.pixel(x: 1, y: 0) == Canvas.Color(0x0000FF))
    canvas.fill(canvas.bounds, with: Canvas.Color(0x00FF00))
    #expect(canvas.pixel(x: 1, y: 0) == Canvas.Color(0x00FF00), "it can be drawn on")
  }

  @Test func damagedFilesAreRefused() throws {
    let bytes = try Canvas(width: 40, height: 40).pngData()
    for damaged in [[], [1, 2, 3], Array(bytes.prefix(20)), Array(bytes.dropFirst())] {
      #expect(throws: CanvasFailure.unreadable(byteCount: damaged.count)) {
        try Canvas(pngData: damaged)
      }
    }
  }
}
