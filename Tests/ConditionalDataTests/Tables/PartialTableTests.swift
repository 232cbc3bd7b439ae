import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// Tables to be completed: values in a model's terms, cells as they came.
@Suite struct PartialTableTests {
  private let fields = [
    Field(name: "size", kind: .number),
    Field(name: "kind", kind: .category(levels: ["a, b", "c"])),
    Field(name: "rank", kind: .category(levels: ["1", "2"])), Field(name: "sold", kind: .number),
  ]
  private let forms: [String: NumberForm] = [
    "size": .decimals(1), "sold": .days(since: "2026-01-01"),
  ]

  private func read(
    _ text: String, named name: String = "table.csv", fields: [Field]? = nil
  ) throws -> PartialTable {
    let folder = NSTemporaryDirectory() + "cvae-partial-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    return try PartialTable(
      "\(folder)/\(name)", fields: fields ?? self.fields, forms: forms, others: ["id"])
  }

  private func cell(_ table: PartialTable, _ row: Int, _ column: Int) -> String {
    var text: [UInt8] = []
    table.append(row, column, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  private func refusal(_ text: String) -> String {
    do {
      _ = try read(text)
      return "none"
    } catch { return "\(error)" }
  }

  @Test func cellsStayAsTheyCame() throws {
    let body = [
      #"7,"say ""x""","a, b",1,2026-01-03"#, "NA,0012,c,,?", #"1e1,,"",2,2026-02-01"#,
    ]
    let text = (["size,id,kind,rank,sold"] + body).joined(separator: "\r\n") + "\r\n"
    let table = try read(text)
    #expect(table.count == 3 && table.lineBreak == Array("\r\n".utf8))
    let lines = (0..<3).map { row in
      (0..<5).map { cell(table, row, $0) }.joined(separator: ",")
    }
    #expect(lines == body)
    #expect(table.records["size"] == .numbers([7, nil, 10]))
    #expect(table.records["sold"] == .numbers([2, nil, 31]))
    #expect(table.records["kind"] == .levels([0, 1, nil]))
    #expect(table.records["rank"] == .levels([0, nil, 1]))
    #expect(table.records["id"] == nil)
  }

  @Test func saysWhatIsWrongAndWhere() {
    let header = "size,kind,rank,sold\n"
    for (text, words) in [
      (header + "1,d,1,\n", "line 2, column 2: expected a level of 'kind' that the model knows"),
      (
        header + "1,c,1.0,\n",
        "line 2, column 3: expected a level of 'rank' that the model knows, such as 1, got '1.0'"
      ),
      (
        header + "1,c,1,\nx,c,1,\n", "line 3, column 1: expected a number in column 'size', got 'x'"
      ),
      (header + "1,c,1,soon\n", "column 4: expected a date such as 2026-01-01 in column 'sold'"),
      ("size,kind,rank\n1,c,1\n", "expected the column 'sold', which the model has, got 'size',"),
      (
        "Size,kind,rank\n1,c,1\n",
        "expected the columns 'size' and 'sold', which the model has, got 'Size', 'kind' and 'rank'; rename "
          + "'Size' to 'size' if that is meant, or add them"
      ),
      (
        "size,kind,rank,sold,kinds\n1,c,1,,\n",
        "line 1, column 5: expected columns that the model knows, such as 'kind', got 'kinds'"
      ),
      (header + "1,c,1\n", "line 2: expected 4 cells"),
      (header, "expected a row for each record, got column names alone"),
      ("", "an empty file"),
    ] {
      let sentence = refusal(text)
      #expect(sentence.contains(words), "\(sentence)")
    }
  }

  @Test func emptyCellsOfAnOnlyColumnStay() throws {
    let size = [Field(name: "size", kind: .number)]
    let table = try read("size\n1.0\n\n\"\"\n2.5\n\n", fields: size)
    try #require(table.count == 5)
    #expect(table.records["size"] == .numbers([1, nil, nil, 2.5, nil]))
    #expect(
      (0..<5).map { cell(table, $0, 0) }
        == ["1.0", "", "\"\"", "2.5", ""])
  }

  @Test func tabsSeparateCellsOfATSV() throws {
    let table = try read(
      "size\tkind\trank\tsold\n1,5\tc\t\t\n".replacing("1,5", with: "1"), named: "t.tsv")
    #expect(table.form == .tsv && table.records["kind"] == .levels([1]))
  }

  /// Numbers keep their spelling, texts their quotes; what an object lacks is null.
  @Test func cellsOfObjectsStayAsTheyCame() throws {
    let table = try read(
      """
      {"id":"012","size":1.50,"kind":"c","rank":2}
      {"sold":"2026-01-04","kind":"a, \\u0062","size":null,"rank":"1"}
      """, named: "t.jsonl")
    #expect(table.names == ["id", "size", "kind", "rank", "sold"])
    #expect((0..<5).map { cell(table, 0, $0) } == [#""012""#, "1.50", #""c""#, "2", "null"])
    #expect(
      (0..<5).map { cell(table, 1, $0) }
        == ["null", "null", #""a, b""#, #""1""#, #""2026-01-04""#])
    #expect(table.records["rank"] == .levels([1, 0]) && table.records["kind"] == .levels([1, 0]))
    #expect(table.records["size"] == .numbers([1.5, nil]))
    #expect(table.records["sold"] == .numbers([nil, 3]))
  }
}
