import Foundation
import RecordTypes
import TensorFiles
import Testing

@testable import ConditionalData

/// Which columns of a table become texts though nothing states it.
@Suite struct TextInferenceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func table(
    _ cells: [String], name: String = "a.csv"
  ) throws -> DataTable {
    let rows = cells.enumerated().map { "\($0 % 2 == 0 ? "x" : "y"),\($1)\n" }
    let path = try folder.put("label,gloss\n" + rows.joined(), name)
    return try TableFile.read(path, FieldRequests(file: nil, model: nil))
  }

  /// A star stands for the record's number.
  @Test(
    arguments: [
      ("Ann* Smith", true), ("a kind of boot with number *", true),
      ("这是一个没有空格的中文句子*", true), ("CC(=O)Oc1ccccc1C(=O)O.CCN(*)", true),
      ("A-*", false), ("* kg", false), ("+44 20 7946 0*", false), ("word*", false),
      ("01234567-89ab-cdef-0123-4567890000*", false), ("d41d8cd98f00b204e9800998ecf8427*", false),
      ("https://example.org/photos/boot/*.jpg", false), ("0123456789012345*", false),
    ])
  func proseBecomesText(cell: String, isText: Bool) throws {
    let cells = (10..<40).map { cell.replacingOccurrences(of: "*", with: "\($0)") }
    let table = try table(cells)
    #expect(table.fields.map(\.name) == (isText ? ["label", "gloss"] : ["label"]))
    #expect(table.fields.last?.isText == isText)
    let path = folder.file("a.csv")
    if isText {
      #expect(table.columns[1] == .texts(cells))
      #expect(
        table.notes.map(\.sentence) == [
          "\(path): column 'gloss' is taken as a text, as most of its cells differ and hold words."
        ])
    } else {
      #expect(table.notes.count == 1 && table.notes[0].sentence.contains("'gloss' is left out"))
    }
  }

  /// So that one can quote another; a number of merges that is stated stays.
  @Test func textsOfATableShareTheirTokens() throws {
    let rows = (0..<60).map { row in
      "a kind of boot with number \(row) and much to say of it,a boot \(row),boots and \(row)"
    }
    let path = try folder.put(
      "long,short,own\n" + rows.joined(separator: "\n"), "several.csv")
    let schema = try folder.put(
      "fields: {long: {kind: text, tokens: pairs}, short: {kind: text, tokens: pairs}, "
        + "own: {kind: text, tokens: pairs, merges: 7}}",
      "schema.yaml")
    let table = try TableFile.read(path, FieldRequests(file: SchemaFile(schema), model: nil))
    let merges = table.fields.map { $0.textKind?.merges }
    #expect(merges[0] == merges[1] && merges[0] ?? 0 > 60 && merges[2] == 7)
    let data = try DataSet(schema: RecordSchema(fields: table.fields), columns: table.columns)
    let tokens = try Preprocessing.fit(data, on: (0..<60).map { $0 }).vocabularies
    #expect(tokens["long"] == tokens["short"] && tokens["long"] != tokens["own"])
    #expect(tokens["short"]?.pieces.contains(Array(" kind".utf8)) == true)
  }

  @Test func sharedTextsStayACategory() throws {
    let table = try table((0..<30).map { "a boot \($0 % 5)" })
    #expect(table.fields[1].levels.count == 5)
  }

  /// The same missing values and empty texts as where the text is stated, also beyond the most levels.
  @Test(arguments: [30, ColumnBuilder.mostLevels + 30])
  func cellsAreThoseOfAStatedText(count: Int) throws {
    var cells = (0..<count).map { "a boot \($0)" }
    for place in [3, count - 3] {
      cells.replaceSubrange(place..<place + 3, with: ["\"\"", "", "\"NA\""])
    }
    cells[7] = "NA"
    let found = try table(cells)
    let schema = try folder.put("fields: {gloss: {kind: text}}", "schema.yaml")
    let stated = try TableFile.read(
      folder.file("a.csv"), FieldRequests(file: SchemaFile(schema), model: nil))
    #expect(found.fields == stated.fields && found.columns == stated.columns)
    #expect(found.columns[1].incompleteCount == 3 && found.columns[1].text(3) == "")
    #expect(found.columns[1].text(5) == "NA" && found.columns[1].text(count - 1) == "NA")
    #expect(found.missingTexts["gloss"] == ["": 2, "NA": 1])
    #expect(stated.missingTexts["gloss"] == ["": 2, "NA": 1])
  }

  @Test func linesOfJSONHaveTextsToo() throws {
    let lines = (0..<30).map { #"{"label":"\#($0 % 2)","gloss":"a boot \#($0)"}"# + "\n" }
    let path = try folder.put(lines.joined(), "a.jsonl")
    let table = try TableFile.read(
      path, FieldRequests(file: nil, model: nil))
    #expect(table.fields.map(\.isText) == [false, true])
  }
}
