import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEGeneration

/// Tables whose empty cells are filled.
@Suite struct TableCompletionTests {
  /// The lines of a completed table.
  private func completed(
    _ text: String, _ model: TrainedModel, others: Set<String> = [], samples: Int = 1,
    reportsUncertainty: Bool = false, hole: String? = nil, as form: TableForm = .csv
  ) throws -> [String] {
    let folder = NSTemporaryDirectory() + "cvae-completion-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/a.\(form.rawValue)"))
    let table = try PartialTable(
      "\(folder)/a.\(form.rawValue)", fields: model.conditionFields,
      forms: model.preprocessing.forms,
      others: others)
    let generator = try Generator(model, executor: ReferenceExecutor(), batch: 4)
    try TableCompletion(
      table, generator: generator, samples: samples, seed: 1, hole: hole,
      reportsUncertainty: reportsUncertainty
    ).write(to: "\(folder)/b.csv")
    let written = try String(
      contentsOf: URL(fileURLWithPath: "\(folder)/b.csv"), encoding: .utf8)
    return written.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test func emptyCellsOfAnOnlyColumnAreFilled() throws {
    let lines = try completed("size\n1.00\n\n\"\"\n2e0\n\n", TinyTrained.columnModel())
    try #require(lines.count == 7, "\(lines)")
    #expect(lines.last == "")
    #expect([0, 1, 4].map { lines[$0] } == ["size", "1.00", "2e0"])
    for row in [2, 3, 5] {
      let number = try #require(Double(lines[row]), "\(lines)")
      #expect((0...5.9).contains(number))
    }
  }

  private func noteModel() throws -> TrainedModel {
    let data = try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "note", kind: FieldKind(TextKind(longest: 12, tokens: .bytes))),
        TinyTrained.label,
      ]),
      columns: [
        .texts((0..<60).map { "note \($0 % 7)" }), .levels((0..<60).map { Int32($0 % 3) }),
      ], source: "tiny.csv", isTable: true)
    return try TinyTrained.textModel(
      of: data, given: ["any"], embedding: 4, reader: 2, writer: 6)
  }

  /// What stands around a hole stays, to the byte; without a mark, or in another column, it is no hole.
  @Test func holesInTextsAreFilled() throws {
    let model = try noteModel()
    let level = TinyTrained.label.levels[1]
    func table(_ notes: [String]) -> String {
      notes.enumerated().map { row, note in
        "{\"note\":\"\(note)\",\"label\":\(row == 1 ? "null" : "\"\(level)\""),\"id\":\"___\"}\n"
      }.joined()
    }
    let text = table(["a ___ é", "whole", "___b"])
    let lines = try completed(text, model, others: ["id"], hole: "___", as: .jsonl)
    try #require(lines.count == 4, "\(lines)")
    let notes = try lines.dropLast().map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
      #expect(object?["id"] == "___" && object?["label"] != nil)
      return try #require(object?["note"])
    }
    #expect(notes[0].utf8.starts(with: "a ".utf8) && notes[0].hasSuffix(" é"))
    #expect(notes[0].utf8.count > "a  é".utf8.count)
    #expect(notes[1] == "whole")
    #expect(notes[2].utf8.last == 98 && notes[2].utf8.count > 1)
    let others = try completed(text, model, others: ["id"], hole: "…", as: .jsonl)
    #expect(others[0] == String(text.prefix { $0 != "\n" }) && others[2].contains("\"___b\""))
    let failure = #expect(throws: InvalidGiven.self) {
      try completed(
        table(["a", "b", "too long for ___ it"]), model, others: ["id"], hole: "___", as: .jsonl)
    }
    #expect(failure?.description.contains("/a.jsonl, line 3, column 'note': ") == true)
  }

  /// Of texts that share much, less than of others, even where all differ.
  @Test func textsAreAsUncertainAsTheyDiffer() throws {
    let text =
      #"{"note":"abcdefgh___","label":"b"}"# + "\n" + #"{"note":null,"label":"b"}"# + "\n"
    let lines = try completed(
      text, noteModel(), reportsUncertainty: true, hole: "___", as: .jsonl)
    try #require(lines.count == 3, "\(lines)")
    let uncertainties = try lines.dropLast().map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return try #require(object?["note uncertainty"] as? Double)
    }
    #expect(uncertainties[0] > 0 && uncertainties[0] < 0.5, "\(uncertainties)")
    #expect(uncertainties[1] > uncertainties[0] + 0.1 && uncertainties[1] <= 1, "\(uncertainties)")
  }

  /// What is filled has the type of the column's other cells.
  @Test(arguments: ["1.0", #""1.0""#])
  func filledJSONHasTheTypeOfItsColumn(cell: String) throws {
    let text = "{\"size\":\(cell)}\n{\"size\":null}\n{}\n{\"size\":\(cell)}\n"
    let lines = try completed(text, TinyTrained.columnModel(), as: .jsonl)
    try #require(lines.count == 5, "\(lines)")
    #expect(lines[0] == "{\"size\":\(cell)}")
    #expect(lines.dropLast().allSatisfy { $0.contains(":\"") == cell.hasPrefix("\"") }, "\(lines)")
  }

  @Test func aColumnNamedSampleKeepsItsName() throws {
    let lines = try completed(
      "sample,size,label,tag\nx,,a,x\n,2.0,b,y\n", TinyTrained.rowModel(), others: ["sample"],
      samples: 2)
    #expect(lines[0] == "sample 2,sample,size,label,tag")
    try #require(lines.count == 6, "\(lines)")
    #expect(lines[1].hasPrefix("1,x,") && lines[1].hasSuffix(",a,x"))
    #expect(lines[3].hasPrefix("2,x,") && lines[3].hasSuffix(",a,x"))
    #expect(lines[2] == "1,,2.0,b,y" && lines[4] == "2,,2.0,b,y")
    #expect(lines[1].dropFirst() != lines[3].dropFirst())
  }

  @Test func aColumnNamedAsAnUncertaintyKeepsItsName() throws {
    let lines = try completed(
      "size,size uncertainty\n,x\n1.0,y\n", TinyTrained.columnModel(),
      others: ["size uncertainty"], reportsUncertainty: true)
    #expect(lines[0] == "size,size uncertainty,size uncertainty 2")
    #expect(lines[2] == "1.0,y,")
    let cells = lines[1].split(separator: ",")
    try #require(cells.count == 3, "\(lines)")
    #expect(cells[1] == "x")
    #expect(try #require(Double(cells[2])) > 0)
  }
}
