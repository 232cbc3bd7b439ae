import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// Records as files have them.
@Suite struct RecordTableTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func written(
    _ records: [Records], forms: [String: NumberForm] = [:], as form: TableForm = .csv
  ) throws -> String {
    let path = folder.file("a.\(form.rawValue)")
    try RecordTable(records, forms: forms).write(to: path, as: form)
    return try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
  }

  private func records(_ fields: [Field], _ columns: [RecordColumn]) throws -> Records {
    try Records(schema: RecordSchema(fields: fields), columns: columns)
  }

  /// Each number is a cell of its own, whatever parts cells.
  @Test(arguments: [(TableForm.csv, ","), (.tsv, "\t")])
  func vectorsAreOneCellForEachNumber(form: TableForm, separator: String) throws {
    let table = try records(
      [Field(name: "place", kind: .vector(count: 2)), Field(name: "size", kind: .number)],
      [.numbers([1, .nan, 2.5, 4], width: 2), .numbers([7, 8])])
    let lines = [["place0", "place1", "size"], ["1.0", "", "7.00"], ["2.5", "4.0", "8.00"]]
    #expect(
      try written([table], forms: ["size": .decimals(2)], as: form)
        == lines.map { $0.joined(separator: separator) + "\n" }.joined())
  }

  @Test func emptyCellsOfAnOnlyColumnComeBack() throws {
    let column = RecordColumn.numbers([0.5, nil, 0.25, nil])
    let text = try written(
      [records([Field(name: "size", kind: .number)], [column])], forms: ["size": .decimals(2)])
    #expect(text == "size\n0.50\n\n0.25\n\n")
    let back = try DataSet.load(folder.put(text, "b.csv"))
    #expect(back.columns == [column])
  }

  @Test func namesComeOnce() throws {
    let size = Field(name: "size", kind: .number)
    let (one, two) = (try records([size], [.numbers([1])]), try records([size], [.numbers([2])]))
    #expect(try written([one, two]) == "size,size 2\n1.0,2.0\n")
    #expect(RecordTable([one, two], forms: [:]).arrays.map(\.name) == ["size", "size 2"])
    var names = UnusedNames(["a", "a 2"])
    #expect(["a", "a", "b"].map { names.take($0) } == ["a 3", "a 4", "b"])
  }

  @Test func missingValuesOfArrays() throws {
    let table = RecordTable(
      [
        try records(
          [
            Field(name: "label", kind: .category(levels: ["a", "b"])),
            Field(name: "whole", kind: .number), Field(name: "holed", kind: .number),
            Field(name: "place", kind: .vector(count: 2)),
          ],
          [
            .levels([1, nil]), .numbers([7, 8]), .numbers([nil, 3]),
            .numbers([1, 2, 3, .nan], width: 2),
          ])
      ], forms: ["whole": .decimals(0), "holed": .decimals(0)])
    let arrays = table.arrays
    #expect(arrays.map(\.shape) == [[2], [2], [2], [2, 2]])
    #expect(arrays[0].values == .int64([1, -1]) && arrays[1].values == .int64([7, 8]))
    guard case .float64(let holed) = arrays[2].values, case .float64(let place) = arrays[3].values
    else {
      Issue.record("Numbers with holes are \(arrays[2].values) and \(arrays[3].values).")
      return
    }
    #expect(holed[0].isNaN && holed[1] == 3)
    #expect(place[0..<3] == [1, 2, 3] && place[3].isNaN)
    #expect(
      table.lines() == [
        #"{"label":"b","whole":7,"holed":null,"place":[1.0,2.0]}"#,
        #"{"label":null,"whole":8,"holed":3,"place":[3.0,null]}"#,
      ])
  }

  /// Levels are bare in JSON only where all of them are numbers or truth values exactly as JSON spells them.
  @Test(arguments: [
    (["0", "-1.50", "2e3"], #"-1.50"#), (["true", "false"], "false"), (["012", "7"], #""7""#),
    (["1", "+5"], #""+5""#), (["1", "1."], #""1.""#), ([".5", "1"], #""1""#),
    (["a\"b\\", "é\u{1}\n\t"], #""é\u0001\n\t""#), (["True", "1"], #""1""#),
  ])
  func levelsAsJSON(levels: [String], second: String) throws {
    let table = try records(
      [Field(name: "k\"", kind: .category(levels: levels))], [.levels([1, nil])])
    let text = try written([table], as: .jsonl)
    #expect(text == "{\"k\\\"\":\(second)}\n{\"k\\\"\":null}\n")
    var reader = try TableReader(folder.file("a.jsonl"))
    var cells: [String] = []
    try reader.readRows { _, cell, _ in cells.append(String(decoding: cell, as: UTF8.self)) }
    #expect(cells == [levels[1], ""])
  }

  /// What JSON has as texts is written as texts, what it has as numbers as numbers: a column is of one type.
  @Test(arguments: [
    (#""5""#, #""12""#, [#""5""#, #""12""#]), ("5", "12", ["5", "12"]),
    (#""1.5""#, #""2.25""#, [#""1.5""#, #""2.25""#]), ("1.5", "2.25", ["1.5", "2.25"]),
    ("true", #""x""#, [#""true""#, #""x""#]),
  ])
  func typesOfJSONStay(one: String, other: String, written: [String]) throws {
    let lines = (0..<40).map { #"{"x":\#($0 % 2 == 0 ? one : other),"y":\#($0 % 7).5}"# }
    let data = try DataSet.load(folder.put(lines.joined(separator: "\n"), "t.jsonl"))
    let found = RecordTable([data.records], forms: data.forms).lines()
    #expect(found.prefix(2).map { $0.prefix { $0 != "," } } == written.map { #"{"x":\#($0)"# })
    let stored = try JSONDecoder().decode(
      RecordSchema.self, from: JSONEncoder().encode(data.schema))
    #expect(RecordTable([data.records.selecting(0..<2)], forms: data.forms).lines().count == 2)
    #expect(stored == data.schema)
  }

  /// Most of the cells decide, also among numbers whose spelling isn't that of JSON.
  @Test func mostCellsDecideTheirType() throws {
    func first(_ texts: Int) throws -> String {
      let lines = (0..<90).map { row -> String in
        let number = 1000 + row * 7
        let text = "\"\(String(number).prefix(1)),\(String(number).dropFirst())\""
        return #"{"x":\#(row < texts ? text : "\(row).5"),"y":\#(row % 4).5}"#
      }
      let data = try DataSet.load(folder.put(lines.joined(separator: "\n"), "t.jsonl"))
      try #require(data.schema.fields[0].kind == .number)
      return String(
        RecordTable([data.records], forms: data.forms).lines()[0].prefix { $0 != "y" })
    }
    #expect(try first(60) == #"{"x":"1,000",""#)
    #expect(try first(10) == #"{"x":1000,""#)
  }

  /// The same values in every form, and from it.
  @Test(arguments: TableForm.allCases)
  func writtenTablesReadTheSame(form: TableForm) throws {
    let lines = (0..<40).map { row in
      let day = 10 + row % 17
      return "\(row % 3).\(row % 7)0,\(["x", "a \"\"q\"\", b", "3"][row % 3]),2026-03-\(day),"
        + (row % 5 == 0 ? "" : "\(row * 31)")
    }
    let quoted = lines.map { $0.replacing("a \"\"q\"\", b", with: "\"a \"\"q\"\", b\"") }
    let data = try DataSet.load(
      folder.put((["size,kind,day,count"] + quoted).joined(separator: "\n"), "in.csv"))
    try #require(data.schema.fields.count == 4)
    let path = folder.file("out.\(form.rawValue)")
    try RecordTable([data.records], forms: data.forms).write(to: path, as: form)
    let back = try DataSet.load(path)
    #expect(back.records == data.records && back.forms == data.forms)
  }
}
