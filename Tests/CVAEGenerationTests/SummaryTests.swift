import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import OneDNNExecution
import RecordTypes
import TensorGraph
import Testing

/// Texts that are written from given ones.
@Suite struct SummaryTests {
  private static let words = ["red", "green", "blue", "große", "猫", "👩‍🚀"]

  private static func data() throws -> DataSet {
    func texts(_ count: (Int) -> Int) -> RecordColumn {
      RecordColumn(
        .texts(
          TextStorage(
            (0..<60).map { row in
              let all = (0..<count(row)).map { words[(row * 5 + $0 * 3) % words.count] }
              return Array(all.joined(separator: " ").utf8)
            })))
    }
    func field(_ name: String, longest: Int) -> Field {
      Field(name: name, kind: FieldKind(TextKind(longest: longest, tokens: .bytes)))
    }
    return try DataSet(
      schema: RecordSchema(fields: [
        field("document", longest: 40), field("summary", longest: 24), TinyTrained.label,
      ]),
      columns: [texts { $0 % 7 }, texts { $0 % 3 }, .levels((0..<60).map { Int32($0 % 3) })],
      source: "tiny.csv", isTable: true)
  }

  private static func model(given: [String]) throws -> TrainedModel {
    try TinyTrained.textModel(of: data(), given: given, embedding: 24, reader: 16, writer: 40)
  }

  /// A summary under a document, drawn or searched, doesn't depend on the batch and the texts beside it.
  @Test(arguments: [["document"], ["any"]], [nil, 3])
  func aRecordsTextIsTheSame(given: [String], beams: Int?) throws {
    let (model, data) = (try Self.model(given: given), try Self.data())
    func texts(_ count: Int, batch: Int, turned: Bool = false) throws -> [String] {
      let order = (0..<count).map { (turned ? count - 1 - $0 : $0) % 60 }
      let documents = try #require(data.records["document"]).selecting(order)
      var request = DrawRequest(
        Conditions(
          try Records(
            schema: RecordSchema(fields: [data.schema.fields[0]]), columns: [documents])),
        seed: 3)
      request.tokens.beams = beams
      let made = try Generator(model, executor: OneDNNExecutor(threads: 1), batch: batch)
        .draw(request)[0]
      let column = try #require(made.records["summary"])
      return try (0..<count).map { try #require(column.text($0)) }
    }
    let all = try texts(80, batch: 64)
    #expect(Set(all).count > 9)
    #expect(try texts(80, batch: 7) == all)
    #expect(try texts(10, batch: 64) == Array(all[..<10]))
    #expect(try texts(80, batch: 64, turned: true) != all, "the document matters")
  }

  /// No frequencies say how to draw one.
  @Test func aTextThatIsGivenCantBeLeftOut() throws {
    let model = try Self.model(given: ["document"])
    let generator = try Generator(model, executor: OneDNNExecutor(threads: 1), batch: 8)
    let request = DrawRequest(try Conditions([:], count: 3, model: model), seed: 3)
    #expect(throws: DrawFailure.text(field: "document")) { try generator.draw(request) }
  }

  /// Beside other columns, a text is missing where it was drawn so or asked for, but not where something is asked of it.
  @Test func textsMayBeMissing() throws {
    let data = try Self.data()
    let texts = (0..<60).map { $0 % 2 == 0 ? "red \($0 % 7)" : nil }
    let with = try DataSet(
      schema: RecordSchema(fields: [
        Field(
          name: "note", kind: FieldKind(TextKind(longest: 12, tokens: .bytes)), mayBeMissing: true),
        data.schema.fields[2],
      ]), columns: [.texts(texts), data.columns[2]], source: "tiny.csv", isTable: true)
    var configuration = TinyTrained.rowConfiguration
    configuration.text.reader = 4
    configuration.text.writer = 8
    let model = try TinyTrained.trained(
      with, roles: Roles.named(["any"], schema: with.schema), configuration, acceptsMissing: true)
    let generator = try Generator(model, executor: OneDNNExecutor(threads: 1), batch: 16)
    func missing(_ values: [String: GivenValue], begins: String? = nil) throws -> Int {
      var request = DrawRequest(try Conditions(values, count: 60, model: model), seed: 3)
      if let begins {
        var restriction = TextRestriction()
        restriction.beginning = begins
        request.texts = ["note": .all(restriction)]
      }
      return try #require(generator.draw(request)[0].records["note"]).incompleteCount
    }
    #expect((5..<55).contains(try missing(["label": .level(1)])))
    #expect(try missing(["label": .level(1), "note": .missing]) == 60)
    #expect(try missing(["label": .level(1)], begins: "re") == 0)
  }
}
