import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// Words such as `NA`, which stand for a missing value, or for a level.
@Suite struct MissingWordTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A table whose column `x` has the cells as they stand, beside a column of numbers.
  private func load(
    _ cells: [String], schema: String? = nil, like model: RecordSchema? = nil,
    named name: String = "a.csv"
  ) throws -> DataSet {
    let separator = name.hasSuffix(".tsv") ? "\t" : ","
    let rows = cells.enumerated().map { "\($1)\(separator)\($0 * 7 % 5).5" }
    try folder.put((["x\(separator)y"] + rows).joined(separator: "\n") + "\n", name)
    let file = try schema.map { try folder.put($0, "other.yaml") }
    return try DataSet.load(folder.file(name), schemaFile: file, like: model)
  }

  @Test(arguments: ["a.csv", "a.tsv"])
  func quotesMakeALevelOfAWord(name: String) throws {
    let data = try load(
      ["a", "\"NA\"", "NA", "b", "", "\"null\"", "\"\"", "\"b\"", "?"], named: name)
    #expect(data.schema.fields[0].kind == .category(levels: ["NA", "a", "b", "null"]))
    #expect(data.columns[0] == .levels([1, 0, nil, 2, nil, 3, nil, 2, nil]))
    #expect(data.missingTexts["x"] == ["": 2, "NA": 1, "?": 1])
    #expect(data.missingTexts["y"] == [:])
  }

  /// Among numbers and times a word is missing, quoted or not.
  @Test(arguments: [
    ["1.5", "\"NA\"", "2.25", "NA", "7.0"], ["2026-01-01", "\"NA\"", "2026-02-03", "NA"],
  ])
  func quotesMakeNoNumber(cells: [String]) throws {
    let data = try load(cells)
    #expect(data.schema.fields[0].kind == .number)
    #expect(
      (0..<cells.count).map { data.columns[0].isKnown($0) } == cells.map { !$0.contains("NA") })
    #expect(data.missingTexts["x"] == ["NA": 2])
  }

  @Test func statedLevelsAreNoMissingValues() throws {
    let cells = ["NA", "a", "null", "", "\"NA\""]
    let stated = try load(cells, schema: "fields: {x: {levels: [a, NA]}}")
    #expect(stated.schema.fields[0].levels == ["a", "NA"])
    #expect(stated.columns[0] == .levels([1, 0, nil, nil, 1]))
    #expect(stated.missingTexts["x"] == ["null": 1, "": 1])
    // Numbers among which the word is stated are levels.
    let numbers = try load(
      ["1", "NA", "2", "?", "1"], schema: "fields: {x: {levels: ['1', '2', NA]}}")
    #expect(numbers.columns[0] == .levels([0, 2, 1, nil, 0]))
  }

  /// What a model knows as a level is one, unless quotes tell levels from missing values.
  @Test(
    arguments: [
      (["NA", "a", ""], [1, 0, nil], ["": 1]),
      (["\"NA\"", "a", "NA"], [1, 0, nil], ["NA": 1]),
      (["NA", "a", "\"NA\""], [nil, 0, 1], ["NA": 1]),
      (["NA", "\"a\"", "null"], [1, 0, nil], ["null": 1]),
    ] as [([String], [Int32?], [String: Int])])
  func levelsOfAModel(cells: [String], levels: [Int32?], missing: [String: Int]) throws {
    let field = Field(name: "x", kind: .category(levels: ["a", "NA"]))
    let schema = try RecordSchema(fields: [field, Field(name: "y", kind: .number)])
    let data = try load(cells, like: schema).matchingLevels(of: schema)
    #expect(data.columns[0] == .levels(levels))
    #expect(data.missingTexts["x"] == missing)
    // A table that is to be completed is read alike.
    let partial = try PartialTable(
      folder.file("a.csv"), fields: schema.fields, forms: [:], others: [])
    #expect(partial.records["x"] == .levels(levels))
  }

  /// Words that schema.yaml declares stand for a missing value, quoted or not.
  @Test(arguments: ["a.csv", "a.tsv"])
  func declaredWordsAreMissing(name: String) throws {
    let schema = "fields: {x: {missing: ['-', None]}}"
    let numbers = try load(
      ["1.5", "-", "2.25", "None", "NA", "\"-\"", "0.5"], schema: schema, named: name)
    let field = numbers.schema.fields[0]
    #expect(field.kind == .number && field.style == CellStyle(missing: ["-", "None"]))
    #expect(numbers.columns[0] == .numbers([1.5, nil, 2.25, nil, nil, nil, 0.5]))
    #expect(numbers.missingTexts["x"] == ["-": 2, "None": 1, "NA": 1])
    let levels = try load(["a", "-", "b", "a", "-"], schema: schema, named: name)
    #expect(levels.columns[0] == .levels([0, nil, 1, 0, nil]))
    // A model that has learned them reads others so.
    let again = try load(["b", "-", "a"], like: levels.schema, named: name)
    #expect(again.columns[0] == .levels([1, nil, 0]) && again.missingTexts["x"] == ["-": 1])
    let stored = try JSONDecoder().decode(
      RecordSchema.self, from: JSONEncoder().encode(numbers.schema))
    #expect(stored == numbers.schema)
    let partial = try PartialTable(
      folder.file(name), fields: levels.schema.fields, forms: levels.forms, others: ["y"])
    #expect(partial.records["x"] == .levels([1, nil, 0]))
    try folder.put("x\n1\n-\n-2.5\n", "b.csv")
    let cells = try PartialTable(
      folder.file("b.csv"), fields: [field], forms: numbers.forms, others: [])
    #expect(cells.records["x"] == .numbers([1, nil, -2.5]))
  }

  /// A missing value is written as the one word that is declared.
  @Test func oneDeclaredWordIsWritten() throws {
    func lines(_ words: [String], _ form: TableForm) throws -> [String] {
      let style = CellStyle(missing: words)
      let records = try Records(
        schema: RecordSchema(fields: [
          Field(name: "x", kind: .category(levels: ["a"]), style: style),
          Field(name: "y", kind: .number, style: style),
        ]), columns: [.levels([nil, 0]), .numbers([nil, 1.5])])
      let path = folder.file("w.\(form.rawValue)")
      try RecordTable([records], forms: ["y": .decimals(1)]).write(to: path, as: form)
      return try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
        .split(separator: "\n").map(String.init)
    }
    #expect(try lines(["-"], .csv) == ["x,y", "-,-", "a,1.5"])
    #expect(try lines(["n,a"], .csv)[1] == "\"n,a\",\"n,a\"")
    #expect(try lines(["-"], .jsonl)[0] == #"{"x":"-","y":"-"}"#)
    #expect(try lines(["-", "None"], .csv)[1] == ",")
    #expect(try lines(["-", "None"], .jsonl)[0] == #"{"x":null,"y":null}"#)
  }

  @Test func aLevelIsNoMissingValue() throws {
    let words = sentence {
      _ = try load(["a", "-"], schema: "fields: {x: {levels: [a, '-'], missing: ['-']}}")
    }
    #expect(words.contains("expected '-' as a level of 'x' or for a missing value, got both"))
  }

  /// A cell that a model doesn't know is named with its line, whatever number it spells.
  @Test(arguments: ["1234", "+1234", "1.234e3"])
  func unknownLevelsOfAModelAreNamed(cell: String) throws {
    let field = Field(name: "x", kind: .category(levels: ["01234", "05678"]))
    let schema = try RecordSchema(fields: [field, Field(name: "y", kind: .number)])
    let data = try load(["05678", "01234", cell], like: schema)
    let words = sentence { _ = try data.matchingLevels(of: schema) }
    #expect(
      words.hasPrefix(
        "\(folder.file("a.csv")), line 4, column 1: expected a level of 'x' that the model knows, such "
          + "as 01234"), "\(words)")
    #expect(try data.matchingLevels(of: schema, keepingUnknownOf: "x").count == 3)
  }

  /// Levels that would read as missing are written in quotes, so that they come back.
  @Test(arguments: ["a.csv", "a.tsv"])
  func writtenLevelsComeBack(name: String) throws {
    let words = ["NA", "NaN", "nan", "null", "?", "n/a", "N/A"]
    let levels = words + ["b", "nb", "\"NA\"", "a\tb", "a,b"]
    let rows = (0..<3 * levels.count).map { $0 % 5 == 3 ? nil : Int32($0 % levels.count) }
    let records = try Records(
      schema: RecordSchema(fields: [Field(name: "x", kind: .category(levels: levels))]),
      columns: [.levels(rows)])
    let table = RecordTable([records], forms: [:])
    try table.write(to: folder.file(name), as: try #require(TableForm(path: name)))
    let back = try DataSet.load(folder.file(name))
    let read = (0..<back.count).map { row in
      back.columns[0].level(row).map { back.schema.fields[0].levels[Int($0)] }
    }
    #expect(read == rows.map { $0.map { levels[Int($0)] } })
    let text = String(
      decoding: try Data(contentsOf: URL(fileURLWithPath: folder.file(name))), as: UTF8.self)
    #expect(text.hasPrefix("x\n\"NA\"\n\"NaN\"\n"))
    // In JSON a missing value is null, and a level a text, whatever it is called.
    #expect(
      table.lines().prefix(5) == [
        #"{"x":"NA"}"#, #"{"x":"NaN"}"#, #"{"x":"nan"}"#, #"{"x":null}"#, #"{"x":"?"}"#,
      ])
  }
}
