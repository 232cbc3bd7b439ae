import Testing

@testable import Figures

@Suite struct FigureStyleTests {
  let typeface = Canvas.Typeface.usual

  @Test func textThatFitsIsLeftAlone() {
    #expect(typeface.shortened("Bag", to: 200, points: 10) == "Bag")
    #expect(typeface.wrapped("Ankle boot", to: 200, points: 10, lines: 3) == ["Ankle boot"])
    #expect(typeface.wrapped("", to: 200, points: 10, lines: 3) == [])
  }

  @Test func longTextIsShortenedToItsPlace() {
    let text = String(repeating: "shoe ", count: 500)
    let short = typeface.shortened(text, to: 120, points: 10)
    #expect(short.hasSuffix("\u{2026}") && text.hasPrefix(short.dropLast()))
    let width = typeface.size(of: short, points: 10).width
    #expect((90...120).contains(width), "\(width)")
  }

  @Test func wrappedLinesFitAndLoseNothing() {
    let text = "label = Ankle boot, heel = 3.5, colour = dark brown"
    let lines = typeface.wrapped(text, to: 110, points: 10, lines: 9)
    #expect(lines.count > 2 && lines.joined(separator: " ") == text)
    #expect(lines.allSatisfy { typeface.size(of: $0, points: 10).width <= 110 }, "\(lines)")
    let word = String(repeating: "x", count: 60)
    #expect(typeface.wrapped(word, to: 110, points: 10, lines: 99).joined() == word)
  }

  @Test func wrappingStopsAtTheLastLine() {
    let text = String(repeating: "heel = 3.5, ", count: 30)
    let lines = typeface.wrapped(text, to: 110, points: 10, lines: 2)
    #expect(lines.count == 2 && lines[1].hasSuffix("\u{2026}"))
  }

  @Test(.enabled(if: Canvas.Typeface.usual.path?.hasSuffix("DejaVuSans.ttf") == true))
  func charactersThatTheFontLacksAreNumbers() {
    #expect(typeface.legible("Über größe – e\u{301} الع") == "Über größe – e\u{301} الع")
    #expect(typeface.legible("日本 shoe") == "U+65E5 U+672C shoe")
    #expect(typeface.legible("a日b😀c") == "a U+65E5 b U+1F600 c")
    #expect(typeface.shortened("日本", to: 200, points: 10) == "U+65E5 U+672C")
    #expect(typeface.wrapped("😀", to: 200, points: 10, lines: 2) == ["U+1F600"])
    #expect(Canvas.Typeface.bitmap.legible("日本") == "日本")
  }

  @Test func theGradientGrowsBrighter() {
    let brightness = stride(from: 0.0, through: 1, by: 0.1).map { share in
      let color = FigureStyle.gradient(share)
      return 0.2126 * Double(color.red) + 0.7152 * Double(color.green)
        + 0.0722 * Double(color.blue)
    }
    #expect(zip(brightness, brightness.dropFirst()).allSatisfy { $0 < $1 }, "\(brightness)")
    #expect(FigureStyle.gradient(-1) == FigureStyle.gradient(0))
  }
}
