import CVAETraining
import ConditionalData
import OneDNNExecution
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEGeneration

/// One answer out of several.
@Suite struct TextConsensusTests {
  private static let data = Result {
    try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "text", kind: FieldKind(TextKind(longest: 32, tokens: .bytes))),
        TinyTrained.label,
      ]),
      columns: [
        .texts((0..<60).map { "text \($0 % 7)" }), .levels((0..<60).map { Int32($0 % 3) }),
      ], source: "tiny.csv", isTable: true)
  }

  private static func answers(
    _ texts: [[String]], _ model: TrainedModel
  ) throws -> [GeneratedRecords] {
    let data = try data.get()
    let schema = RecordSchema(trusting: [data.schema.fields[0]])
    return try texts.map { own in
      GeneratedRecords(
        conditions: try Conditions(["label": .level(1)], count: own.count, model: model),
        given: [TinyTrained.label],
        records: Records(trusting: schema, [.texts(own)], count: own.count), forms: [:],
        drawnConditions: [])
    }
  }

  @Test func theTextThatAgreesMostWithTheOthersIsChosen() throws {
    let model = try TinyTrained.textModel(
      of: Self.data.get(), given: ["label"], embedding: 4, reader: 2, writer: 6)
    let answers = try Self.answers(
      [["a red boot", "x", ""], ["a red coat", "blue", "b"], ["a red cot", "blue", ""]], model)
    let chosen = GeneratedRecords.consensus(of: answers, model)
    let texts = chosen.records["text"]
    #expect((0..<3).map { texts?.text($0) } == ["a red cot", "blue", ""])
    #expect(chosen.count == 3 && chosen.conditions.records["label"]?.level(2) == 1)
    // A single answer is it; of equal ones the first.
    #expect(GeneratedRecords.consensus(of: [answers[1]], model).records == answers[1].records)
    let two = GeneratedRecords.consensus(of: [answers[0], answers[1]], model)
    #expect(two.records == answers[0].records)
  }

  /// Beside a model's own draws: the chosen text is one of them, and the same in every call.
  @Test func theChosenTextIsOneOfTheAnswers() throws {
    let model = try TinyTrained.textModel(
      of: Self.data.get(), given: ["label"], embedding: 4, reader: 2, writer: 6)
    let generator = try Generator(model, executor: OneDNNExecutor(threads: 1), batch: 8)
    var request = DrawRequest(
      try Conditions(["label": .level(0)], count: 5, model: model), seed: 2)
    request.samples = 4
    let answers = try generator.draw(request)
    let chosen = GeneratedRecords.consensus(of: answers, model).records["text"]
    for row in 0..<5 {
      #expect(answers.contains { $0.records["text"]?.text(row) == chosen?.text(row) })
    }
    #expect(
      GeneratedRecords.consensus(of: try generator.draw(request), model).records["text"] == chosen)
  }
}
