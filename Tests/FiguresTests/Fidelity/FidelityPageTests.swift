import ConditionalData
import RecordTypes
import Testing

@testable import CVAEEvaluation
@testable import Figures

@Suite struct FidelityPageTests {
  @Test func thePageHoldsItsPictures() throws {
    let report = try FidelityReport(
      real: table(100, step: 7), train: Array(0..<60), heldOut: Array(60..<100),
      synthetic: table(50, step: 11))
    let page = try FidelityPage(report, title: "Rows").page
    #expect(
      page.sections.map(\.heading) == [
        "How good synthetic rows are", "Columns", "How columns depend on each other",
      ])
    #expect(page.sections[0].tables == report.tables)
    #expect(page.html.contains(">privacy</th>"))
    for section in page.sections.dropFirst() {
      let canvas = try Canvas(pngData: try #require(section.picture))
      #expect(canvas.width > 400 && canvas.height > 200)
    }
    let html = try FidelityPage(report).page.html
    #expect(try html == FidelityPage(report).page.html)
    #expect(!html.contains("http"))
  }

  /// Another table has its pictures too, and its rows aren't called held out.
  @Test func anotherTableHasItsPictures() throws {
    let report = try FidelityReport(
      real: table(100, step: 7), train: nil, heldOut: Array(0..<100),
      synthetic: table(50, step: 11))
    let page = try FidelityPage(report).page
    #expect(page.sections.count == 3 && page.sections.dropFirst().allSatisfy { $0.picture != nil })
    #expect(page.html.components(separatedBy: "learned from other data").count == 2)
    #expect(!page.html.contains("held") && !page.html.contains("privacy</th>"))
    #expect(report.realName == "real")
  }

  /// Numbers and levels in an order that `step` chooses.
  private func table(_ count: Int, step: Int) throws -> DataSet {
    let places = (0..<count).map { $0 * step % count }
    return try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "height", kind: .number),
        Field(name: "size", kind: .category(levels: ["small", "large"])),
      ]),
      columns: [
        .numbers(places.map { Double($0) / Double(count) }),
        .levels(places.map { Int32($0 % 3 == 0 ? 0 : 1) }),
      ])
  }

  private func shape(_ real: [Double?], _ synthetic: [Double?]) -> ColumnShape {
    ColumnShape(
      Field(name: "x", kind: .number), real: .numbers(real), synthetic: .numbers(synthetic),
      form: nil)
  }

  @Test func noNumbersDoNoHarm() throws {
    for numbers: ([Double?], [Double?]) in [([nil], [nil]), ([2], [nil]), ([2, 2], [2])] {
      let column = FidelityReport.Column(
        name: "x", kind: .number, distance: 0, baseline: 0, missingReal: 0, missingSynthetic: 0,
        shape: shape(numbers.0, numbers.1))
      #expect(try ColumnFigure(columns: [column], real: "real").canvas().width > 400)
    }
  }

  @Test func colours() {
    #expect(HeatScale.association.color(0) == .white)
    #expect(HeatScale.association.color(1) == Canvas.Color(0xB2182B))
    #expect(HeatScale.association.color(-2) == Canvas.Color(0x2166AC))
    #expect(HeatScale.difference(upTo: 0.2).color(0.2) == Canvas.Color(0x54278F))
    #expect(HeatScale.isDark(Canvas.Color(0x2166AC)) && !HeatScale.isDark(.white))
  }
}
