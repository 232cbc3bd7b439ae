import Foundation
import Testing

@testable import Figures

@Suite struct CanvasTextTests {
  static let typefaces = [Canvas.Typeface.usual, .bitmap]

  @Test(arguments: typefaces)
  func anchorsPlaceTheLine(typeface: Canvas.Typeface) throws {
    let text = "Hill"
    let size = typeface.size(of: text, points: 12)
    func ink(_ anchor: Canvas.Anchor) throws -> Canvas.Rectangle {
      let canvas = try Canvas(width: 160, height: 80, typeface: typeface)
      canvas.draw(text, at: .init(x: 80, y: 40), points: 12, anchor: anchor)
      return try #require(CanvasTests.ink(of: canvas))
    }
    let left = try ink(.init(.left, .baseline))
    let center = try ink(.init(.center, .middle))
    let right = try ink(.init(.right, .top))
    #expect(abs(left.x - 80) <= 2 && abs(left.y + left.height - 40) <= 2, "\(left)")
    #expect(abs(center.x + center.width / 2 - 80) <= 3, "\(center)")
    #expect(abs(center.y + center.height / 2 - 40) <= 2, "\(center)")
    #expect(abs(right.x + right.width - 80) <= 3 && abs(right.y - 40) <= 2, "\(right)")
    #expect(abs(size.width - left.width) <= 3, "\(size)")
  }

  @Test(arguments: typefaces)
  func aQuarterTurnStandsUpright(typeface: Canvas.Typeface) throws {
    let canvas = try Canvas(width: 100, height: 200, typeface: typeface)
    canvas.draw(
      "nats per record", at: .init(x: 50, y: 100), points: 10, anchor: .center, turnedBy: 90)
    let ink = try #require(CanvasTests.ink(of: canvas))
    let size = typeface.size(of: "nats per record", points: 10)
    #expect(abs(ink.height - size.width) <= 3 && ink.width < 24, "\(ink), \(size)")
    #expect(abs(ink.x + ink.width / 2 - 50) <= 3 && abs(ink.y + ink.height / 2 - 100) <= 3)
  }

  @Test(arguments: typefaces)
  func oddTextIsDrawnToo(typeface: Canvas.Typeface) throws {
    for text in ["", " ", "a\nb\u{0}c\t", "\u{1F45F} 靴 Stiefelette \u{2212}3", "&amp;&", "&#65;"] {
      let canvas = try Canvas(width: 200, height: 60, typeface: typeface)
      canvas.draw(text, at: .init(x: 10, y: 30), points: 10)
      let isBlank = text.allSatisfy(\.isWhitespace)
      #expect((CanvasTests.ink(of: canvas) == nil) == isBlank, "\(text)")
    }
  }

  @Test func namesOfLettersAreNotReplaced() {
    let typeface = Canvas.Typeface.usual
    let plain = typeface.size(of: "A & B", points: 20).width
    #expect(typeface.size(of: "A &amp; B", points: 20).width > plain + 30)
    #expect(plain > typeface.size(of: "A B", points: 20).width + 10)
  }

  @Test func aLineBreakDoesNotBreakTheLine() {
    let typeface = Canvas.Typeface.usual
    #expect(
      typeface.size(of: "one\ntwo", points: 12).width
        == typeface.size(of: "one two", points: 12).width)
  }

  @Test func sizeGrowsWithPointsAndLetters() {
    let typeface = Canvas.Typeface.usual
    let small = typeface.size(of: "Sneaker", points: 9)
    let large = typeface.size(of: "Sneaker", points: 18)
    #expect(large.width > small.width * 3 / 2 && large.height > small.height * 3 / 2)
    #expect(typeface.size(of: "Sneakers", points: 9).width > small.width)
    #expect(typeface.size(of: "-", points: 9).height == small.height)
    #expect(typeface.size(of: "", points: 9).width == 0)
  }

  @Test func theEnvironmentNamesTheFontFirst() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).ttf")
    try Data([1, 2, 3]).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(Canvas.Typeface.locate(environment: ["CVAE_FONT": file.path]).path == file.path)
    let missing = Canvas.Typeface.locate(environment: ["CVAE_FONT": "/nowhere/no.ttf"])
    #expect(missing == Canvas.Typeface.locate(environment: [:]))
  }

  @Test func aBrokenFontFileFallsBackToTheBitmapFont() throws {
    let broken = Canvas.Typeface(path: "/nowhere/no.ttf")
    let canvas = try Canvas(width: 100, height: 40, typeface: broken)
    canvas.draw("label", at: .init(x: 10, y: 20), points: 10)
    let reference = try Canvas(width: 100, height: 40, typeface: .bitmap)
    reference.draw("label", at: .init(x: 10, y: 20), points: 10)
    #expect(CanvasTests.ink(of: canvas) != nil)
    #expect(try canvas.pngData() == reference.pngData())
  }
}
