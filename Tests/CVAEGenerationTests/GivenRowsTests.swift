import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph
import Testing

@testable import CVAEGeneration

/// The rows of a table as conditions.
@Suite final class GivenRowsTests {
  private let folder = NSTemporaryDirectory() + "cvae-given-" + UUID().uuidString

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func put(_ text: String, _ name: String = "rows.csv") throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    return "\(folder)/\(name)"
  }

  /// The table that is written, block by block, and the conditions.
  private func drawn(
    _ rows: GivenRows, _ model: TrainedModel, atMost most: Int, as form: TableForm = .csv
  ) throws -> (text: String, conditions: Records) {
    let generator = try Generator(model, executor: ReferenceExecutor(), batch: 4)
    var parts: [Records] = []
    let path = folder + "/out"
    try AtomicFile.write(to: path) { file in
      while let block = try rows.next(atMost: most) {
        #expect((1...most).contains(block.conditions.count))
        #expect(block.first == parts.reduce(0) { $0 + $1.count })
        let table = try generator.draw(DrawRequest(block, seed: 5))[0].table(of: block)
        if parts.isEmpty { try file.write(table.header(form)) }
        try table.writeRows(to: &file, as: form)
        parts.append(block.conditions.records)
      }
    }
    return (
      try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8), .joining(parts)
    )
  }

  private let table = "tag,size\nx,1.50\nany,any\ny,2\n\"x\",any\nany,0.3\n"

  @Test(arguments: [1, 2, 3, 4, 100])
  func blocksAreThePartsOfAll(most: Int) throws {
    let model = try TinyTrained.rowModel()
    let path = try put(table)
    for each in [1, 3] {
      func rows() throws -> GivenRows {
        try GivenRows(path, model: model, values: ["label": .levels([0, 2])], each: each, seed: 9)
      }
      let all = try drawn(rows(), model, atMost: 1000)
      let parts = try drawn(rows(), model, atMost: most)
      #expect(all.text == parts.text && all.conditions == parts.conditions)
      let lines = all.text.split(separator: "\n").map(String.init)
      try #require(lines.count == 1 + 5 * each)
      #expect(lines[0] == "tag,size,label")
      #expect(lines[1].hasPrefix("x,1.50,") && lines[1 + 2 * each].hasPrefix("y,2,"))
      #expect(lines[each].hasPrefix("x,1.50,") && lines[1 + 3 * each].hasPrefix("\"x\","))
      #expect(lines.dropFirst().allSatisfy { ["a", "c"].contains($0.split(separator: ",").last) })
      #expect(lines[5 * each].contains(",0.3,") && !lines[5 * each].hasPrefix(","))
    }
  }

  @Test func unknownCellsAreAny() throws {
    let model = try TinyTrained.rowModel()
    let block = try #require(try GivenRows(put(table), model: model, each: 2).next(atMost: 10))
    #expect(block.conditions.records["tag"] == .levels([0, 0, nil, nil, 1, 1, 0, 0, nil, nil]))
    #expect(
      block.conditions.records["size"]
        == .numbers([1.5, 1.5, nil, nil, 2, 2, nil, nil, 0.3, 0.3]))
    #expect(block.texts(of: 0) == ["x", "1.50"] && block.texts(of: 7) == ["x", nil])
  }

  /// A cell without a value, or `missing`, asks for a row that lacks it.
  @Test func missingCellsAreGivenAsMissing() throws {
    let model = try TinyTrained.rowModel(labelsMayBeMissing: true)
    let path = try put("tag,size,label\nx,missing,a\ny,,missing\nx,NA,any\ny,any,b\nx,2,\n")
    for most in [2, 10] {
      let rows = try GivenRows(path, model: model)
      var blocks: [Conditions] = []
      while let block = try rows.next(atMost: most) { blocks.append(block.conditions) }
      let all = Conditions(joining: blocks)
      #expect(all.absent["size"] == Bitmap([true, true, true, false, false]))
      #expect(all.absent["label"] == Bitmap([false, true, false, false, true]))
      #expect(all.records["size"] == .numbers([nil, nil, nil, nil, 2]))
    }
    let lines = try drawn(GivenRows(path, model: model), model, atMost: 3).text
      .split(separator: "\n").map(String.init)
    try #require(lines.count == 6)
    // As the column writes what is missing, whatever was drawn for others.
    #expect(lines[1] == "x,,a" && lines[2] == "y,," && lines[3].hasPrefix("x,NA,"))
    #expect(lines[5] == "x,2,")
    // In JSON, a key that lacks was not asked for.
    let block = try #require(
      try GivenRows(
        put("{\"tag\":\"x\",\"size\":null}\n{\"tag\":\"y\"}\n", "rows.jsonl"), model: model
      ).next(atMost: 9))
    #expect(block.conditions.absent == ["size": Bitmap([true, false])])
  }

  /// Under sets that other columns must lie in, too.
  @Test func missingCellsStayMissingUnderSets() throws {
    let model = try TinyTrained.rowModel()
    let path = try put(
      "tag,size\n" + (0..<20).map { "x,\($0 % 2 == 0 ? "missing" : "2.5")\n" }.joined())
    let text = try drawn(
      GivenRows(path, model: model, values: ["label": .levels([0, 2])]), model, atMost: 7
    ).text
    let rows = text.split(separator: "\n").dropFirst()
    try #require(rows.count == 20)
    for (index, row) in rows.enumerated() {
      #expect(row.hasPrefix(index % 2 == 0 ? "x,," : "x,2.5,"), "\(row)")
      #expect(row.hasSuffix(",a") || row.hasSuffix(",c"), "\(row)")
    }
  }

  /// What was missing or asked to be missing is written with the word that the column has for it.
  @Test func missingValuesAreWrittenAsTheColumnHasThem() throws {
    let model = try TinyTrained.rowModel(missing: ["-"])
    let path = try put("tag,size\nx,missing\ny,-\nx,\n")
    for (form, cells) in [
      (TableForm.csv, ["-", "-", ""]),
      (.jsonl, [#""size":"-""#, #""size":"-""#, #""size":"-""#]),
    ] {
      let text = try drawn(GivenRows(path, model: model), model, atMost: 2, as: form).text
      let found = text.split(separator: "\n").suffix(3).map { line in
        String(line.split(separator: ",", omittingEmptySubsequences: false)[1])
      }
      #expect(found == cells)
    }
    // What is drawn as missing, too.
    let all = try drawn(
      GivenRows(put("tag,size\n" + String(repeating: "x,any\n", count: 60)), model: model), model,
      atMost: 60
    ).text
    let sizes = all.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[1] }
    #expect(sizes.contains("-") && sizes.allSatisfy { $0 == "-" || Double($0) != nil })
  }

  /// A column of JSON is of one type, also where its cells come from another form of table.
  @Test func cellsHaveTheTypeOfTheirColumn() throws {
    for (levels, written) in [(["5", "x"], #""5""#), (["5", "7"], "5")] {
      let model = try TinyTrained.levelModel(levels)
      let text = try drawn(
        GivenRows(put("label\n5\n\(levels[1])\n"), model: model), model, atMost: 9, as: .jsonl
      ).text
      #expect(text.hasPrefix("{\"label\":\(written)}\n"), "\(text)")
    }
  }

  /// A level called as a word is that level.
  @Test func levelsComeBeforeWords() throws {
    let model = try TinyTrained.levelModel(["any", "missing", "NA"])
    let block = try #require(
      try GivenRows(put("label\nNA\nany\nmissing\n"), model: model).next(atMost: 9))
    #expect(block.conditions.records["label"] == .levels([2, 0, 1] as [Int32]))
  }

  /// A record is what its condition draws at its number, whatever gives the condition.
  @Test func rowsDrawWhatValuesDraw() throws {
    let model = try TinyTrained.rowModel()
    let block = try #require(
      try GivenRows(put("label\nb\nc\n"), model: model).next(atMost: 10))
    let generator = try Generator(model, executor: ReferenceExecutor(), batch: 4)
    let records = try generator.draw(DrawRequest(block, seed: 5))[0].records
    for (row, level) in [1, 2].enumerated() {
      let alone = try generator.draw(
        DrawRequest(
          RecordBlock(Conditions(["label": .level(level)], count: 1, model: model), first: row),
          seed: 5))[0].records
      #expect(records.selecting([row]) == alone)
    }
  }

  /// Where an unknown condition stays unknown, its cell stays as it is.
  @Test func cellsAreWrittenAsTheyAreInEveryForm() throws {
    let model = try TinyTrained.model(acceptsMissing: true)
    let path = try put("label\nb\nNA\n\"c\"\n")
    for (form, lines) in [
      (TableForm.csv, ["b", "NA", "\"c\""]), (.tsv, ["b", "NA", "\"c\""]),
      (.jsonl, [#"{"label":"b""#, #"{"label":null"#, #"{"label":"c""#]),
    ] {
      let text = try drawn(GivenRows(path, model: model), model, atMost: 2, as: form).text
      let found = text.split(separator: "\n").suffix(3).map { line in
        String(line.prefix { !",\t".contains($0) })
      }
      #expect(found == lines)
    }
  }

  @Test(arguments: [
    (
      "tags\nx\n",
      "line 1: expected columns that the model knows, 'label', 'size' and 'tag', got 'tags' (the nearest is 'tag'); rename the column, or remove it."
    ),
    (
      "Size,tag,zzz\n1,x,1\n",
      "line 1: expected columns that the model knows, 'label', 'size' and 'tag', got 'Size' (the nearest is 'size') and 'zzz';"
    ),
    (
      "tag,size\nx,1\nz,1\n",
      "line 3, column 1: expected a level of 'tag' that the model knows, such as x"
    ),
    ("tag,size\nx,1\ny,much\n", "line 3, column 2: expected a number in column 'size', got 'much'"),
    (
      "tag,size\nx,1\n,1\n",
      "line 3, column 1: expected a value of 'tag', which no training record lacks, or 'any', got none"
    ),
    ("tag\nmissing\n", "line 2, column 1: expected a value of 'tag'"),
    ("tag\n", ": expected a row for each record, got column names alone"),
  ])
  func saysWhatIsWrong(text: String, words: String) throws {
    let model = try TinyTrained.rowModel()
    let path = try put(text)
    let failure = #expect(throws: DataFileFailure.self) {
      let rows = try GivenRows(path, model: model)
      while try rows.next(atMost: 2) != nil {}
    }
    #expect("\(try #require(failure))".contains(words), "\(String(describing: failure))")
  }

  /// What to do about a refused cell depends on whether a row may lack the value.
  @Test(arguments: [
    ("tag\nz\n", "got 'z'; correct it, or write 'any'."),
    (
      "size\nmuch\n",
      "got 'much'; correct it, write 'any', or leave the cell empty for a row without a value."
    ),
    ("tag\nx|y\n", "got 'x|y'; ranges and sets are for --given, not for cells;"),
    ("tag\n*\n", "got '*'; ranges and sets are for --given, not for cells;"),
    ("size\n1..2\n", "got '1..2'; ranges and sets are for --given, not for cells;"),
  ])
  func saysWhatToDo(text: String, words: String) throws {
    let model = try TinyTrained.rowModel()
    let path = try put(text)
    let failure = #expect(throws: DataFileFailure.self) {
      try GivenRows(path, model: model).next(atMost: 2)
    }
    #expect("\(try #require(failure))".contains(words), "\(String(describing: failure))")
  }

  /// A level is named by its bytes, whatever number it spells.
  @Test(arguments: ["1234", "+1234", "1.234e3", "01234 "])
  func numbersNameNoOtherLevel(cell: String) throws {
    let model = try TinyTrained.levelModel(["01234", "05678"])
    let known = try #require(
      try GivenRows(put("label\n05678\n01234\n"), model: model).next(atMost: 9))
    #expect(known.conditions.records["label"] == .levels([1, 0] as [Int32]))
    let path = try put("label\n01234\n\(cell)\n")
    let failure = #expect(throws: DataFileFailure.self) {
      try GivenRows(path, model: model).next(atMost: 9)
    }
    #expect(
      "\(try #require(failure))".hasPrefix(
        "\(path), line 3, column 1: expected a level of 'label' that the model knows, such as 01234"
      ))
  }

  @Test func generatedFieldsCannotBeGiven() throws {
    let model = try TinyTrained.model()
    let path = try put("label,image\na,1\n")
    let failure = #expect(throws: DataFileFailure.self) { try GivenRows(path, model: model) }
    #expect(
      "\(try #require(failure))"
        == "\(path), line 1: expected columns that can be given, 'label', got 'image', which the model "
        + "generates; rename the column, or remove it.")
    let place = try TinyTrained.placeModel(acceptsMissing: true)
    let vector = #expect(throws: DataFileFailure.self) {
      try GivenRows(put("place\n1\n"), model: place)
    }
    #expect("\(try #require(vector))".contains("of which this model has none, got 'place'"))
  }

  @Test func aFieldHasOneValue() throws {
    let model = try TinyTrained.rowModel()
    let failure = #expect(throws: InvalidGiven.self) {
      try GivenRows(put("tag\nx\n"), model: model, values: ["tag": .level(1)])
    }
    #expect("\(try #require(failure))".contains("and column 1 of the table"))
    #expect(throws: UnknownName.self) {
      try GivenRows(put("tag\nx\n"), model: model, values: ["lable": .level(1)])
    }
  }
}
