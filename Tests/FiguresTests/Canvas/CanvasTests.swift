import Foundation
import Testing

@testable import Figures

@Suite struct CanvasTests {
  static let red = Canvas.Color(0xFF0000)

  /// The pixels whose colour isn't the background, as the block that holds them all.
  static func ink(of canvas: Canvas, background: Canvas.Color = .white) -> Canvas.Rectangle? {
    var (left, top, right, bottom) = (Int.max, Int.max, -1, -1)
    for y in 0..<canvas.height {
      for x in 0..<canvas.width where canvas.pixel(x: x, y: y) != background {
        (left, right) = (min(left, x), max(right, x))
        (top, bottom) = (min(top, y), max(bottom, y))
      }
    }
    guard right >= 0 else { return nil }
    return Canvas.Rectangle(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }

  @Test func startsWithTheBackgroundEverywhere() throws {
    let canvas = try Canvas(width: 7, height: 5, background: Canvas.Color(0x123456))
    #expect(canvas.width == 7 && canvas.height == 5)
    #expect(canvas.pixel(x: 0, y: 0) == Canvas.Color(0x123456))
    #expect(canvas.pixel(x: 6, y: 4) == Canvas.Color(0x123456))
  }

  @Test func fillCoversItsPixelsAndNoOthers() throws {
    let canvas = try Canvas(width: 10, height: 10)
    canvas.fill(Canvas.Rectangle(x: 2, y: 3, width: 4, height: 5), with: Self.red)
    #expect(Self.ink(of: canvas) == Canvas.Rectangle(x: 2, y: 3, width: 4, height: 5))
    canvas.fill(Canvas.Rectangle(x: -50, y: 9, width: 500, height: 100), with: .black)
    #expect(canvas.pixel(x: 0, y: 9) == .black && canvas.pixel(x: 9, y: 9) == .black)
  }

  @Test func outlineStaysInside() throws {
    let canvas = try Canvas(width: 10, height: 10)
    canvas.outline(Canvas.Rectangle(x: 1, y: 1, width: 6, height: 5), with: Self.red)
    #expect(Self.ink(of: canvas) == Canvas.Rectangle(x: 1, y: 1, width: 6, height: 5))
    #expect(canvas.pixel(x: 2, y: 2) == .white)
    #expect(canvas.pixel(x: 6, y: 5) == Self.red)
  }

  @Test func halfOpacityMixesWithTheGround() throws {
    let canvas = try Canvas(width: 3, height: 3)
    canvas.fill(canvas.bounds, with: Canvas.Color.black.opacity(0.5))
    #expect(canvas.pixel(x: 1, y: 1) == Canvas.Color(0x808080))
  }

  @Test func clippedDrawingStaysWithinTheClip() throws {
    let canvas = try Canvas(width: 20, height: 20)
    let clip = Canvas.Rectangle(x: 5, y: 6, width: 4, height: 3)
    canvas.clipped(to: clip) {
      canvas.drawPolyline(
        [.init(x: -1e30, y: 7.5), .init(x: 1e30, y: 7.5)], width: 9, color: Self.red)
      canvas.fillDisc(at: .init(x: 7, y: 7), radius: 50, color: Self.red)
    }
    #expect(Self.ink(of: canvas) == clip)
    canvas.clipped(to: Canvas.Rectangle(x: 30, y: 30, width: 5, height: 5)) {
      canvas.fill(canvas.bounds, with: .black)
    }
    #expect(canvas.pixel(x: 0, y: 0) == .white)
    canvas.fill(canvas.bounds, with: .black)
    #expect(canvas.pixel(x: 19, y: 19) == .black, "the clip ends with its closure")
  }

  @Test func aLineAtAHalfIsOnePixelWide() throws {
    let canvas = try Canvas(width: 20, height: 9)
    canvas.drawPolyline([.init(x: 4, y: 4.5), .init(x: 16, y: 4.5)], color: .black)
    #expect(canvas.pixel(x: 10, y: 4) == .black)
    #expect(canvas.pixel(x: 10, y: 3) == .white && canvas.pixel(x: 10, y: 5) == .white)
  }

  @Test func aSlantedLineHasSmoothEdges() throws {
    let canvas = try Canvas(width: 30, height: 30)
    canvas.drawPolyline([.init(x: 2, y: 3), .init(x: 27, y: 21)], width: 2, color: .black)
    let greys = (0..<30).map { canvas.pixel(x: $0, y: 12).red }
    #expect(greys.contains { $0 == 0 } && greys.contains { (20...235).contains($0) })
  }

  @Test func transparentLinesDoNotDarkenAtTheirJoint() throws {
    let canvas = try Canvas(width: 30, height: 30)
    canvas.drawPolyline(
      [.init(x: 4, y: 4), .init(x: 15, y: 15), .init(x: 26, y: 4)], width: 6,
      color: Canvas.Color.black.opacity(0.5))
    #expect(canvas.pixel(x: 15, y: 14) == canvas.pixel(x: 9, y: 9))
    #expect(canvas.pixel(x: 9, y: 9) == Canvas.Color(0x808080))
  }

  @Test func placesThatAreNotFiniteInterruptALine() throws {
    let canvas = try Canvas(width: 20, height: 20)
    canvas.drawPolyline(
      [.init(x: 2.5, y: 2.5), .init(x: .nan, y: 3), .init(x: 15.5, y: 15.5)], color: .black)
    canvas.fillDisc(at: .init(x: .infinity, y: 3), radius: 4, color: .black)
    canvas.draw("text", at: .init(x: 3, y: .nan), points: 9)
    #expect(Self.ink(of: canvas) == nil)
    canvas.drawPolyline(
      [.init(x: 2.5, y: 2.5), .init(x: 5.5, y: 2.5), .init(x: .nan, y: 3)], color: .black)
    #expect(Self.ink(of: canvas) == Canvas.Rectangle(x: 2, y: 2, width: 4, height: 1))
  }

  @Test func discsAndRingsAreCentred() throws {
    let disc = try Canvas(width: 21, height: 21)
    disc.fillDisc(at: .init(x: 10.5, y: 10.5), radius: 4, color: .black)
    #expect(disc.pixel(x: 10, y: 10) == .black)
    #expect(Self.ink(of: disc) == Canvas.Rectangle(x: 6, y: 6, width: 9, height: 9))
    let ring = try Canvas(width: 21, height: 21)
    ring.drawRing(at: .init(x: 10.5, y: 10.5), radius: 6, color: .black)
    #expect(ring.pixel(x: 10, y: 10) == .white && ring.pixel(x: 16, y: 10) == .black)
  }

  @Test func errorsSayWhatWasExpectedAndWhatCame() {
    #expect(throws: CanvasFailure.tooLarge(width: 70_000, height: 2)) {
      try Canvas(width: 70_000, height: 2)
    }
    #expect(throws: CanvasFailure.tooLarge(width: 60_000, height: 60_000)) {
      try Canvas(width: 60_000, height: 60_000)
    }
    #expect(
      CanvasFailure.tooLarge(width: 70_000, height: 2).description
        == """
        A picture of 70000 x 2 pixels is too large: expected at most 65535 along a side and \
        100000000 altogether. Draw fewer records, or write them to separate files.
        """)
    #expect(
      CanvasFailure.unreadable(byteCount: 3).description
        == """
        Expected a PNG picture, got 3 bytes that aren't one or are damaged. Check that the file is \
        complete and really a PNG.
        """)
    #expect(
      CanvasFailure.unwritable(width: 9, height: 8).description
        == """
        Encoding a picture of 9 x 8 pixels as PNG failed, probably for want of memory. Draw fewer \
        records.
        """)
  }
}
