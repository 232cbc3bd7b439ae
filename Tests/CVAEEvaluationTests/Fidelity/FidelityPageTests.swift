import ConditionalData
import RecordTypes
import Testing

@testable import CVAEEvaluation

@Suite struct FidelityPageTests {
  @Test func thePageHoldsItsPictures() throws {
    let parts = ExampleTable.split(60, of: 100)
    let report = try FidelityReport(
      real: ExampleTable.data(100, seed: 1), train: parts.train, heldOut: parts.heldOut,
      synthetic: ExampleTable.data(50, seed: 2))
    let page = try FidelityPage(report, title: "Rows").page
    #expect(page.sections.map(\.heading) == ["Figures", "Columns", "How columns hang together"])
    #expect(page.sections[0].table == report.table)
    for section in page.sections.dropFirst() {
      let canvas = try Canvas(pngData: try #require(section.picture))
      #expect(canvas.width > 400 && canvas.height > 200)
    }
    let html = try FidelityPage(report).html
    #expect(try html == FidelityPage(report).html)
    #expect(!html.contains("http"))
  }

  private func shape(_ real: [Double?], _ synthetic: [Double?]) -> ColumnShape {
    ColumnShape(
      Field(name: "x", kind: .number), real: .numbers(real), synthetic: .numbers(synthetic),
      unit: "")
  }

  @Test func wholeNumbersGetABinEach() {
    let shape = shape([1, 2, 2, 3], [3, 3, nil, 4])
    #expect(shape.places == .bins(low: 0.5, high: 4.5))
    #expect(shape.real == [0.25, 0.5, 0.25, 0])
    #expect(shape.synthetic == [0, 0, 2.0 / 3, 1.0 / 3])
  }

  @Test func outliersDoNotStretchTheBins() {
    let numbers = (0..<1000).map { Double($0 * $0) / 1000 }
    let shape = shape(numbers + [1e9], numbers)
    guard case .bins(let low, let high) = shape.places else {
      Issue.record("numbers have bins")
      return
    }
    #expect(low >= 0 && high < 1000 && high > 980)
    #expect(shape.real.count == 20)
    #expect(shape.real.reduce(0, +) < 1 && shape.real.reduce(0, +) > 0.98)
  }

  @Test func noNumbersDoNoHarm() throws {
    for numbers: ([Double?], [Double?]) in [([nil], [nil]), ([2], [nil]), ([2, 2], [2])] {
      let column = FidelityReport.Column(
        name: "x", kind: .number, distance: 0, baseline: 0, missingReal: 0, missingSynthetic: 0,
        shape: shape(numbers.0, numbers.1))
      #expect(try ColumnFigure([column]).canvas().width > 400)
    }
  }

  @Test func theMostFrequentLevelsAreShown() {
    let names = (0..<20).map { "level \($0)" }
    let levels = (0..<Int32(20)).flatMap { [Int32](repeating: $0, count: Int($0) + 1) }
    let shape = ColumnShape(
      Field(name: "c", kind: .category(levels: names)), real: .levels(levels),
      synthetic: .levels([nil, 19]), unit: "")
    #expect(shape.places == .levels((8..<20).reversed().map { "level \($0)" }, others: 8))
    #expect(abs(shape.real[0] - 20.0 / 210) < 1e-12)
    #expect(shape.synthetic[0] == 1 && shape.synthetic[1] == 0)
  }

  @Test func colours() {
    #expect(HeatScale.association.color(0) == .white)
    #expect(HeatScale.association.color(1) == Canvas.Color(0xB2182B))
    #expect(HeatScale.association.color(-2) == Canvas.Color(0x2166AC))
    #expect(HeatScale.difference(upTo: 0.2).color(0.2) == Canvas.Color(0x54278F))
    #expect(HeatScale.isDark(Canvas.Color(0x2166AC)) && !HeatScale.isDark(.white))
  }
}
