import RecordTypes
import Testing

@testable import Figures

@Suite struct SampleSheetTests {
  /// A picture of one brightness that tells which it is.
  static func flat(_ value: Float, count: Int = 784) -> [Float] {
    [Float](repeating: value, count: count)
  }

  @Test func everyPictureLandsInItsCell() throws {
    let rows = (0..<3).map { row in
      SampleSheet.Row(
        label: "level \(row)", pictures: (0..<10).map { Self.flat(Float(row * 10 + $0) / 51) })
    }
    let sheet = SampleSheet(rows: rows, height: 28, width: 28, channels: 1, title: "Title")
    let layout = SampleSheetLayout(sheet, typeface: .usual)
    let canvas = try Canvas(pngData: try sheet.pngData())
    for row in 0..<3 {
      for picture in 0..<10 {
        let cell = layout.cell(row: row, picture: picture)
        let grey = UInt8((row * 10 + picture) * 5)
        let expected = Canvas.Color(red: grey, green: grey, blue: grey)
        #expect(cell.width == 56 && cell.height == 56)
        for (x, y) in [(0, 0), (55, 0), (0, 55), (55, 55)] {
          #expect(
            canvas.pixel(x: cell.x + x, y: cell.y + y) == expected,
            "row \(row), picture \(picture), corner \(x), \(y)")
        }
        #expect(canvas.pixel(x: cell.x - 1, y: cell.y) == FigureStyle.paper)
        #expect(canvas.pixel(x: cell.x, y: cell.y + 56) == FigureStyle.paper)
      }
    }
    let last = layout.cell(row: 2, picture: 9)
    #expect(canvas.width == last.x + 56 + 12 && canvas.height == last.y + 56 + 12)
  }

  @Test func blackStaysBlackAndValuesAreClamped() throws {
    let picture: [Float] = [0, 1, -9, 9, .nan, .infinity]
    let sheet = SampleSheet(
      rows: [.init(label: "", pictures: [picture])], height: 2, width: 3, channels: 1)
    let cell = SampleSheetLayout(sheet, typeface: .usual).cell(row: 0, picture: 0)
    let canvas = try sheet.canvas()
    let side = cell.width / 3
    let greys = (0..<6).map { index in
      canvas.pixel(x: cell.x + index % 3 * side, y: cell.y + index / 3 * side).red
    }
    #expect(greys == [0, 255, 0, 255, 0, 255])
  }

  @Test func labelsAndTitleChangeThePicture() throws {
    func bytes(_ label: String, _ title: String) throws -> [UInt8] {
      try SampleSheet(
        rows: [.init(label: label, pictures: [Self.flat(0.5), Self.flat(0.5)])], height: 28,
        width: 28, channels: 1, title: title
      ).pngData()
    }
    let all = try [bytes("", ""), bytes("Bag", ""), bytes("Bog", ""), bytes("Bag", "Run")]
    #expect(Set(all).count == 4)
  }

  @Test func labelsLieLeftOfThePicturesAndWithinTheSheet() throws {
    let label =
      "label = Ankle boot, heel = 3.5, " + String(repeating: "and a remark without end ", count: 5)
    let sheet = SampleSheet(
      rows: [.init(label: label, pictures: [Self.flat(0)])], height: 28, width: 28, channels: 1)
    let layout = SampleSheetLayout(sheet, typeface: .usual)
    let cell = layout.cell(row: 0, picture: 0)
    let canvas = try sheet.canvas()
    #expect(layout.labelLines[0].count == 3 && layout.labelLines[0][2].hasSuffix("\u{2026}"))
    func isBlank(column: Int) -> Bool {
      (0..<canvas.height).allSatisfy { canvas.pixel(x: column, y: $0) == FigureStyle.paper }
    }
    #expect(!(12..<cell.x).allSatisfy(isBlank), "the label is missing")
    #expect((0..<8).allSatisfy(isBlank) && (cell.x - 5..<cell.x).allSatisfy(isBlank))
  }

  @Test(arguments: [(0, 1), (1, 1), (10, 10), (12, 12), (16, 8), (20, 10), (64, 8), (100, 10)])
  func longRowsWrap(count: Int, perLine: Int) {
    #expect(SampleSheetLayout.perLine(count: count) == perLine)
  }

  @Test func aRowOf64IsASquareOfEight() throws {
    let sheet = SampleSheet(
      rows: [.init(label: "Bag", pictures: (0..<64).map { Self.flat(Float($0) / 63) })],
      height: 28, width: 28, channels: 1)
    let layout = SampleSheetLayout(sheet, typeface: .usual)
    let (first, last) = (layout.cell(row: 0, picture: 0), layout.cell(row: 0, picture: 63))
    #expect(last.x - first.x == 7 * 58 && last.y - first.y == 7 * 58)
    #expect(try sheet.canvas().pixel(x: last.x + 3, y: last.y + 3) == .white)
  }

  @Test(arguments: [(28, 2), (32, 2), (8, 7), (64, 1), (256, 1), (1, 56)])
  func picturesShowAtAbout56Pixels(side: Int, scale: Int) {
    #expect(SampleSheetLayout.scale(height: side, width: side) == scale)
    #expect(SampleSheetLayout.scale(height: 1, width: side) == scale)
  }

  @Test func coloursAndEmptyRowsAreShown() throws {
    let orange = (0..<16).flatMap { _ in [1, 0.6, 0] as [Float] }
    let sheet = SampleSheet(
      rows: [.init(label: "none", pictures: []), .init(label: "orange", pictures: [orange])],
      height: 4, width: 4, channels: 3)
    let cell = SampleSheetLayout(sheet, typeface: .usual).cell(row: 1, picture: 0)
    #expect(try sheet.canvas().pixel(x: cell.x, y: cell.y) == Canvas.Color(0xFF9900))
    #expect(try SampleSheet(rows: [], height: 4, width: 4, channels: 1).canvas().width > 0)
  }

  @Test func tooManyPicturesForOneSheetAreRefused() {
    let pictures = [[Float]](repeating: [0], count: 2_000)
    let rows = (0..<20).map { SampleSheet.Row(label: "\($0)", pictures: pictures) }
    #expect(throws: CanvasFailure.self) {
      try SampleSheet(rows: rows, height: 1, width: 1, channels: 1).canvas()
    }
  }

  @Test func aSheetTakesValuesPictureByPicture() throws {
    let size = ImageSize(height: 1, width: 2, channels: 1)
    let values = SampleSheet(
      image: size, rows: [(label: "a", values: [0, 1, 0.5, 0.25]), (label: "b", values: [])])
    let pictures = SampleSheet(
      rows: [
        SampleSheet.Row(label: "a", pictures: [[0, 1], [0.5, 0.25]]),
        SampleSheet.Row(label: "b", pictures: []),
      ], height: 1, width: 2, channels: 1)
    #expect(try values.pngData() == pictures.pngData())
  }
}
