import Foundation
import RecordTypes
import Testing

@testable import ConditionalData
@testable import PictureData

@Suite struct MetadataTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Pictures `00.png`, `01.png`, … whose grey values are their numbers, and a table of columns.
  private func put(_ columns: [(name: String, cells: [String])], count: Int = 30) throws {
    var text = (["file_name"] + columns.map(\.name)).joined(separator: ",") + "\n"
    // The rows come in another order than the names.
    for index in (0..<count).reversed() {
      let name = String(format: "%02d.png", index)
      try folder.put(PictureBytes.flat(UInt8(index)), name)
      text += ([name] + columns.map { $0.cells[index] }).joined(separator: ",") + "\n"
    }
    try folder.put(text, "metadata.csv")
  }

  private func column(
    _ cells: [String], schema: String? = nil
  ) throws -> (field: Field, column: RecordColumn)? {
    try put([("x", cells), ("y", cells.map { _ in "1" })], count: cells.count)
    if let schema { try folder.put(schema, "schema.yaml") }
    let data = try DataSet.load(folder.path, pictures: nil)
    guard let index = try? data.schema.index(of: "x") else { return nil }
    return (data.schema.fields[index], data.columns[index])
  }

  private func failure() -> String {
    sentence { _ = try DataSet.load(folder.path, pictures: nil) }
      .replacingOccurrences(of: folder.path, with: "…")
  }

  private func notes() throws -> [String] {
    try DataSet.load(folder.path, pictures: nil).notes.map {
      $0.replacingOccurrences(of: folder.path, with: "…")
    }
  }

  @Test func manyNumbersAreNumbers() throws {
    let cells = (0..<30).map { "\($0)" }
    let found = try #require(try column(cells))
    #expect(found.field.kind == .number)
    #expect(found.column == .numbers((0..<30).map { Double($0) }))
    let data = try DataSet.load(folder.path, pictures: nil)
    #expect(
      data.columns[0] == .grey((0..<30).flatMap { [UInt8](repeating: $0, count: 256) }, width: 256)
    )
  }

  @Test func fewFractionsAreNumbers() throws {
    let found = try #require(try column(["0.5", "1", "0.5", "NA", "-20"]))
    #expect(found.column == .numbers([0.5, 1, 0.5, nil, -20]))
  }

  @Test func fewWholeNumbersAreOrderedLevels() throws {
    let found = try #require(try column(["10", "9", "", "-1", "9", "null"]))
    #expect(found.field.kind == .category(levels: ["-1", "9", "10"]))
    #expect(found.column == .levels([2, 1, nil, 0, 1, nil]))
    // Twenty levels at most.
    let twenty = (0..<40).map { "\($0 % 20)" }
    #expect(try column(twenty)?.field.isCategory == true)
    #expect(try column(twenty + ["20"])?.field.kind == .number)
  }

  @Test func fewTextsAreLevels() throws {
    let found = try #require(try column(["red", "?", "blue", "red", "NaN", "3"]))
    #expect(found.field.kind == .category(levels: ["3", "blue", "red"]))
    #expect(found.column == .levels([2, nil, 1, 2, nil, 0]))
  }

  @Test func identifiersAreLeftOut() throws {
    #expect(try column(["ann", "bob", "", "eve"]) == nil)
    #expect(
      try notes() == [
        "…/metadata.csv: column 'x' is left out, as all of its texts differ; if they are texts, say "
          + "'kind: text' in schema.yaml."
      ])
    let many = (0..<60).map { "name \($0 % 40)" }
    #expect(try column(many) == nil)
    #expect(
      try notes() == [
        "…/metadata.csv: column 'x' is left out, as 40 of its 60 texts differ; if they are texts, say "
          + "'kind: text' in schema.yaml."
      ])
    let numbers = (0..<29).map { "\(Double($0) + 0.5)" } + ["tall"]
    #expect(try column(numbers) == nil)
    #expect(
      try notes().last
        == "…/metadata.csv: column 'x' is left out, as all of its texts differ; nearly all are "
        + "numbers, but 'tall' in line 2 is not; correct it, or, where nothing is known, say "
        + "'fields: {x: {missing: [tall]}}' in schema.yaml.")
    #expect(try column(["", "NA", "?"]) == nil)
    #expect(
      try notes().last == "…/metadata.csv: column 'x' is left out, as it has no value.")
  }

  @Test func schemaFileDecides() throws {
    let numbers = ["1", "2", "3", "1"]
    #expect(
      try column(numbers, schema: "fields: {x: {kind: number}}")?.column
        == .numbers([1, 2, 3, 1]))
    #expect(
      try column(["b", "a", "c"], schema: "fields: {x: {kind: category}}")?.column
        == .levels([1, 0, 2]))
    #expect(
      try column(["0.5", "10", "2"], schema: "fields: {x: {kind: category}}")?.field.levels
        == ["0.5", "2", "10"])
    #expect(try column(numbers, schema: "ignore: [x]") == nil)
    #expect(try notes().isEmpty)
    _ = sentence { _ = try column(numbers, schema: "ignore: [z]") }
    #expect(
      failure() == "…/schema.yaml, line 1: No field is named 'z'; the nearest are 'x', 'y'; "
        + "known: 'image', 'x', 'y'.")
    _ = sentence { _ = try column(["1", "two", "3"], schema: "fields: {x: {kind: number}}") }
    #expect(
      failure() == "…/metadata.csv, line 3: expected a number in column 'x', got 'two'; correct "
        + "it, leave it empty where it is unknown, or name it under 'missing' in schema.yaml.")
  }

  @Test func aModelDecidesWhatTheFileLeavesOpen() throws {
    try put([("x", ["a", "b", "c"]), ("y", ["1", "2", "1"])], count: 3)
    let model = try RecordSchema(fields: [
      Field(name: "x", kind: .category(levels: ["c", "b", "a"])), Field(name: "y", kind: .number),
    ])
    let data = try DataSet.load(folder.path, like: model, pictures: nil).matchingLevels(of: model)
    #expect(data.columns[1...] == [.levels([2, 1, 0]), .numbers([1, 2, 1])])
  }

  @Test func absentFilesAreBroken() throws {
    let cells = (0..<100).map { "\($0)" }
    try put([("x", cells)], count: 100)
    try FileManager.default.removeItem(atPath: folder.file("07.png"))
    try folder.put(PictureBytes.flat(1), "other.png")
    let data = try DataSet.load(folder.path, pictures: nil)
    let kept = (0..<100).filter { $0 != 7 }
    #expect(data.columns[1] == .numbers(kept.map { Double($0) }))
    #expect(
      data.columns[0]
        == .grey(kept.flatMap { [UInt8](repeating: UInt8($0), count: 256) }, width: 256))
    #expect(
      try notes() == [
        "…: 1 picture that metadata.csv doesn't name left out: other.png.",
        "…: 1 picture of 100 left out: '07.png' is not there.",
      ])
    try FileManager.default.removeItem(atPath: folder.file("08.png"))
    #expect(
      failure() == "…: expected intact pictures, or at most 1 % broken ones among 100, got "
        + "'07.png', which is not there and '08.png', which is not there; "
        + "repair them or take them away.")
  }

  @Test func picturesMayLieBelow() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("sub"), withIntermediateDirectories: true)
    try folder.put(PictureBytes.flat(4), "sub/a.png")
    try folder.put(PictureBytes.flat(5), "b.png")
    try folder.put("size,file_name\n7,./sub/a.png\n8,b.png\n", "metadata.csv")
    let data = try DataSet.load(folder.path, pictures: nil)
    #expect(data.columns[1] == .levels([1, 0]))
    #expect(data.notes.isEmpty)
  }

  @Test(arguments: [
    (
      "name\na.png\n",
      ", line 1: expected a column 'file_name' that names the pictures, got 'name'; "
        + "rename the column that does."
    ),
    (
      "file_name\n",
      ": expected a row for each record, got column names alone; write one for each record."
    ),
    (
      "file_name,x\na.png,1\n./a.png,2\n",
      ", line 3: expected each picture once, got 'a.png' as in line 2; remove one of the rows."
    ),
    (
      "file_name,image\na.png,1\n",
      ", line 1: expected another name than that of the pictures' field, got a column 'image'; "
        + "rename it, or leave it out by 'ignore: [image]' in schema.yaml."
    ),
  ])
  func saysWhatIsWrong(text: String, words: String) throws {
    try folder.put(text, "metadata.csv")
    #expect(failure() == "…/metadata.csv" + words)
  }
}
