import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import OneDNNExecution
import RecordTypes
import TensorGraph
import Testing

/// Scores and drawings of texts don't depend on what else a batch holds.
@Suite struct TextScoreTests {
  private static let words = ["red", "green", "blue", "große", "猫", "👩‍🚀", ""]

  private static func data() throws -> DataSet {
    let texts = (0..<60).map { row in
      (0..<row % 4).map { words[(row * 5 + $0 * 3) % words.count] }.joined(separator: " ")
    }
    return try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "text", kind: FieldKind(TextKind(longest: 24, tokens: .bytes))),
        TinyTrained.label,
      ]),
      columns: [
        RecordColumn(.texts(TextStorage(texts.map { Array($0.utf8) }))),
        .levels((0..<60).map { Int32($0 % 3) }),
      ], source: "tiny.csv", isTable: true)
  }

  private static func model() throws -> TrainedModel {
    let data = try data()
    var configuration = ModelConfiguration()
    configuration.latent = 2
    configuration.recognition.hidden = [3]
    configuration.prior.hidden = [3]
    configuration.text.embedding = 24
    configuration.text.reader = 16
    configuration.text.writer = 40
    return try TinyTrained.trained(
      data, roles: Roles(given: ["label"], schema: data.schema), configuration,
      acceptsMissing: false)
  }

  /// To the bit: beside other texts, with room for longer ones, and on more threads.
  @Test(arguments: [Precision.float32, .bfloat16])
  func aTextHasTheSameBits(precision: Precision) throws {
    let (model, data) = (try Self.model(), try Self.data())
    func bounds(_ records: [Int32], steps: Int, threads: Int = 1) throws -> [Float] {
      // Batches are of one size, filled up with repeats.
      let batch = 64
      let program = try model.model.evaluationProgram(batch: batch, steps: TextSteps(steps))
      let executor = OneDNNExecutor(precision: precision, threads: threads)
      let compiled = try model.makeSession(executor).compile(program)
      let filler = try RecordFiller(
        program, model: model.model, records: data.records, preprocessing: model.preprocessing)
      (0..<batch).map { records[min($0, records.count - 1)] }.withUnsafeBufferPointer {
        filler.fill(compiled, records: $0, at: RandomPosition(seed: 5, step: 0))
      }
      try compiled.run(at: RandomPosition(seed: 5, step: 0))
      return Array(compiled.output(.elbo)[..<records.count])
    }
    let records = (0..<60).map { Int32($0) }
    let all = try bounds(records, steps: 24)
    #expect(Set(all).count > 30)
    #expect(try bounds(records, steps: 48) == all, "more steps")
    #expect(try bounds(records, steps: 24, threads: 2) == all, "more threads")
    #expect(try bounds(Array(records[..<16]), steps: 24) == Array(all[..<16]), "fewer records")
    #expect(try bounds(records.reversed(), steps: 24) == all.reversed(), "in another order")
    #expect(try bounds([5], steps: 32) == [all[5]], "alone")
  }

  /// A record's text is the same in any batch, and always valid UTF-8.
  @Test func aRecordsTextIsTheSame() throws {
    let model = try Self.model()
    func texts(_ count: Int, batch: Int) throws -> [String] {
      let request = DrawRequest(
        try Conditions(["label": .level(1)], count: count, model: model), seed: 3)
      let made = try Generator(model, executor: OneDNNExecutor(threads: 1), batch: batch)
        .draw(request)[0]
      let column = try #require(made.records["text"])
      return try (0..<count).map { try #require(column.text($0)) }
    }
    let all = try texts(100, batch: 64)
    #expect(Set(all).count > 50)
    #expect(try texts(100, batch: 7) == all)
    // More than are written at once: some begin where others have ended.
    #expect(try texts(100, batch: 100) == all)
    #expect(try texts(10, batch: 64) == Array(all[..<10]))
    // From random weights, most bytes would break a character.
    #expect(all.contains { $0.utf8.contains { $0 > 127 } })
  }

  /// Columns that must lie in sets are drawn before the text, which is written in each row, or kept where it is given.
  @Test func setsAndGivenTextsGoTogether() throws {
    let data = try Self.data()
    var configuration = TinyTrained.rowConfiguration
    configuration.text.reader = 4
    configuration.text.writer = 8
    let model = try TinyTrained.trained(
      data, roles: Roles.named(["any"], schema: data.schema), configuration, acceptsMissing: true)
    let generator = try Generator(model, executor: OneDNNExecutor(threads: 1), batch: 16)
    func draw(_ values: [String: GivenValue]) throws -> [(text: String, label: Int32)] {
      let conditions = try Conditions(values, count: 40, model: model)
      let made = try generator.draw(DrawRequest(conditions, seed: 3))[0]
      let (text, label) = (
        try #require(made.records["text"]), try #require(made.records["label"])
      )
      return try (0..<40).map { (try #require(text.text($0)), try #require(label.level($0))) }
    }
    let some = try draw(["label": .levels([0, 2])])
    #expect(Set(some.map(\.label)) == [0, 2] && Set(some.map(\.text)).count > 20)
    let given = try draw(["label": .levels([0, 2]), "text": .text("große 猫")])
    #expect(Set(given.map(\.label)) == [0, 2] && Set(given.map(\.text)) == ["große 猫"])
  }

  /// With as many beginnings as there are, a beam search finds the most probable of all texts.
  @Test func aWideSearchIsExact() throws {
    let kind = TextKind(longest: 2, tokens: .bytes)
    let ascii = (0..<128).map { UInt8($0) }
    let pairs = ascii.flatMap { first in ascii.map { [first, $0] } }
    let wide = (0xc2...0xdf).flatMap { first in (0x80...0xbf).map { [UInt8(first), UInt8($0)] } }
    let all = [[]] + ascii.map { [$0] } + pairs + wide
    let data = try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "text", kind: FieldKind(kind)), TinyTrained.label,
      ]),
      columns: [
        RecordColumn(.texts(TextStorage(all))), .levels(all.map { _ in Int32(2) }),
      ], source: "tiny.csv", isTable: true)
    var configuration = ModelConfiguration()
    configuration.latent = 2
    configuration.recognition.hidden = [3]
    configuration.prior.hidden = [3]
    configuration.text.embedding = 8
    configuration.text.reader = 2
    configuration.text.writer = 8
    let model = try TinyTrained.trained(
      data, roles: Roles(given: ["label"], schema: data.schema), configuration,
      acceptsMissing: false)
    // All texts under the mean of z.
    let executor = OneDNNExecutor(threads: 1)
    let program = try model.model.importanceProgram(batch: all.count, steps: 2)
    let compiled = try model.makeSession(executor).compile(program)
    let filler = try RecordFiller(
      program, model: model.model, records: data.records, preprocessing: model.preprocessing)
    (0..<Int32(all.count)).map { $0 }.withUnsafeBufferPointer {
      filler.fill(compiled, records: $0, at: RandomPosition(seed: 1, step: 0))
    }
    let recognised = try model.makeSession(executor).compile(
      model.model.recognitionProgram(batch: all.count, steps: 2))
    let reader = filler.filling(recognised.model, model.model)
    (0..<Int32(all.count)).map { $0 }.withUnsafeBufferPointer {
      reader.fill(recognised, records: $0, at: RandomPosition(seed: 1, step: 0))
    }
    try recognised.run(at: RandomPosition(seed: 1, step: 0))
    for part in [GaussianPart.mean, .priorMean] {
      compiled.withInput(.gaussian(part)) { input in
        _ = input.update(from: recognised.output(.gaussian(.priorMean)))
      }
    }
    for part in [GaussianPart.logVariance, .priorLogVariance] {
      compiled.withInput(.gaussian(part)) { $0.update(repeating: -80) }
    }
    try compiled.run(at: RandomPosition(seed: 1, step: 0))
    let scores = compiled.output(.logLikelihood)
    let most = try #require(scores.indices.max { scores[$0] < scores[$1] })

    var request = DrawRequest(
      try Conditions(["label": .level(2)], count: 1, model: model), seed: 3)
    request.temperature = 0
    request.tokens.beams = kind.vocabulary
    let found = try Generator(model, executor: executor, batch: kind.vocabulary).draw(request)[0]
    let text = try #require(found.records["text"]?.text(0))
    #expect(Array(text.utf8) == all[most])
  }
}
