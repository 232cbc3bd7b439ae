import CVAEModels
import Foundation
import RecordTypes
import TensorGraph
import Testing

@Suite struct GenerationTests {
  private let latent = 3

  /// Records of a style that is written.
  private static let decoding = {
    var form = DrawingForm()
    form.drawsStyle = false
    return form
  }()

  private func model(
    _ prior: PriorKind = .learned, acceptsMissing: Bool = false
  ) throws -> ConditionalVAE {
    try Tiny.model(
      [Tiny.image, Tiny.label, Tiny.vector, Tiny.tag, Tiny.number], given: ["label", "size"],
      Tiny.configuration(latent: latent, prior: prior), acceptsMissing: acceptsMissing)
  }

  private func style(_ batch: TinyBatch, at position: RandomPosition) -> [Double] {
    (batch.indices["records"] ?? []).flatMap { record in
      (0..<latent).map {
        position.normal(RandomPurpose("style"), record: UInt32(record), column: $0)
      }
    }
  }

  @Test func everyFieldComesInItsForm() throws {
    let model = try model()
    var batch = Tiny.batch(of: model, count: 4, seed: 1)
    batch.reals["temperature"] = [1]
    let outputs = try batch.run(model.drawingProgram(batch: 4), of: model)
    #expect(Set(outputs.keys) == ["image", "row", "tag"])
    #expect(outputs["image"]?.count == 16)
    #expect(outputs["image"]?.allSatisfy { $0 > 0 && $0 < 1 } == true)
    #expect(outputs["row"]?.count == 12)
    #expect(outputs["tag"]?.count == 4)
    #expect(outputs["tag"]?.allSatisfy { $0 == 0 || $0 == 1 } == true)
  }

  /// Generation is decoding of a drawn style; temperature scales it.
  @Test(arguments: [1, 0.3, 0])
  func generationDecodesItsStyle(temperature: Double) throws {
    let model = try model()
    let position = RandomPosition(seed: 9, step: 4)
    var batch = Tiny.batch(of: model, count: 4, seed: 1)
    batch.reals["temperature"] = [temperature]
    batch.reals["u"] = style(batch, at: position).map { $0 * temperature }
    let generated = try batch.run(model.drawingProgram(batch: 4), of: model, at: position)
    let decoded = try batch.run(
      model.drawingProgram(batch: 4, Self.decoding), of: model, at: position)
    for name in ["image", "row", "tag"] { #expect(generated[name] == decoded[name]) }
    #expect(Set(generated["image"] ?? []).count > 4)
  }

  /// A record's own style under its own condition gives its own latent back.
  @Test func transferToTheSameConditionIsTheIdentity() throws {
    let model = try model()
    let batch = Tiny.batch(of: model, count: 4, seed: 3)
    let outputs = try batch.run(model.recognitionProgram(batch: 4), of: model)
    let floats = try ["mean", "priorMean", "priorLogVariance"].map { name in
      try #require(outputs[name]).map(Float.init)
    }
    let style = Style.style(of: floats[0], priorMean: floats[1], priorLogVariance: floats[2])
    #expect(zip(style, floats[0]).contains { abs($0 - $1) > 1e-3 })
    let again = Style.latent(of: style, priorMean: floats[1], priorLogVariance: floats[2])
    for (one, other) in zip(again, floats[0]) { #expect(abs(one - other) < 1e-6) }
    let expected = (floats[0][0] - floats[1][0]) / exp(floats[2][0] / 2)
    #expect(abs(style[0] - expected) < 1e-6)
  }

  @Test func underTheStandardPriorStyleIsTheLatent() throws {
    let model = try model(.standard)
    let batch = Tiny.batch(of: model, count: 4, seed: 3)
    let outputs = try batch.run(model.recognitionProgram(batch: 4), of: model)
    #expect(outputs["priorMean"]?.allSatisfy { $0 == 0 } == true)
    #expect(outputs["priorLogVariance"]?.allSatisfy { $0 == 0 } == true)
    let latent = try #require(outputs["mean"]).map(Float.init)
    let zeros = [Float](repeating: 0, count: latent.count)
    #expect(Style.style(of: latent, priorMean: zeros, priorLogVariance: zeros) == latent)
  }

  /// "any" is an embedding of its own, not the first level and not a zero.
  @Test func unknownIsAValueOfItsOwn() throws {
    let model = try model(acceptsMissing: true)
    let program = try model.drawingProgram(batch: 1, Self.decoding)
    var known = TinyBatch()
    known.indices = ["label": [0], "records": [0]]
    known.reals = ["size": [0], "size.missing": [0], "u": [0.1, -0.2, 0.3]]
    let reference = try known.run(program, of: model)["image"]
    for level in 1...3 as ClosedRange<Int32> {
      var other = known
      other.indices["label"] = [level]
      #expect(try other.run(program, of: model)["image"] != reference)
    }
    var unknown = known
    unknown.reals["size.missing"] = [1]
    #expect(try unknown.run(program, of: model)["image"] != reference)
  }

  /// Rows whose fields are drawn at once: what is known stays, and where there is no number it is 0.
  @Test(arguments: [LikelihoodKind.gaussian, .mixture])
  func knownValuesStayAndAbsentNumbersAreZero(likelihood: LikelihoodKind) throws {
    let model = try Tiny.model(
      [Tiny.number.missing(true), Tiny.tag.missing(true), Tiny.vector], given: ["any"],
      Tiny.configuration {
        $0.decoder.columns = []
        $0.likelihood = ["size": likelihood]
      })
    #expect(!model.drawsColumnByColumn)
    let count = 60
    func each<Value>(_ values: Value...) -> [Value] {
      (0..<count).map { values[$0 % values.count] }
    }
    var batch = TinyBatch()
    // In every third record each: the number is given, that there is none is given, nothing is given.
    batch.reals = [
      "size": each(0.7, 0, 0), "size.mask": each(1, 0, 0), "temperature": [1], "complete": [0],
      "row": each(0.1, 0, 0).flatMap { [$0, $0, $0] }, "row.mask": each(1, 0, 0),
    ]
    batch.indices = [
      "size is missing.known": each(0, 1, 2), "tag.known": each(1, 2, 3),
      "records": (0..<Int32(count)).map { $0 },
    ]
    let program = try model.drawingProgram(batch: count)
    for complete in [0.0, 1] {
      batch.reals["complete"] = [complete]
      let drawn = try batch.run(program, of: model)
      let (isAbsent, sizes) = (
        try #require(drawn["size is missing"]), try #require(drawn["size"])
      )
      let (tags, rows) = (try #require(drawn["tag"]), try #require(drawn["row"]))
      for record in 0..<count {
        #expect((sizes[record] == 0) == (isAbsent[record] == 1), "record \(record)")
        switch record % 3 {
        case 0:
          #expect(sizes[record] == 0.7 && tags[record] == 1 && isAbsent[record] == 0)
          #expect(rows[3 * record..<3 * record + 3] == [0.1, 0.1, 0.1])
        case 1: #expect(isAbsent[record] == 1 && tags[record] == 2)
        default: #expect(rows[3 * record] != rows[3 * record + 1])
        }
      }
      // The records of which nothing is given have all that may be, but for what is to be there.
      let open = stride(from: 2, to: count, by: 3)
      #expect(Set(open.map { isAbsent[$0] }) == (complete == 0 ? [0, 1] : [0]))
      #expect(Set(open.map { tags[$0] }) == (complete == 0 ? [0, 1, 2] : [0, 1]))
    }
  }

  /// A batch is only a way to run several records at once.
  @Test func recordsDontSeeEachOther() throws {
    let model = try model()
    var batch = Tiny.batch(of: model, count: 3, seed: 5)
    batch.reals["temperature"] = [1]
    let together = try batch.run(model.drawingProgram(batch: 3), of: model)
    for row in 0..<3 {
      var alone = TinyBatch()
      alone.indices = batch.indices.mapValues { [$0[row]] }
      alone.reals = ["size": [batch.reals["size"]?[row] ?? 0], "temperature": [1]]
      let outputs = try alone.run(model.drawingProgram(batch: 1), of: model)
      #expect(outputs["row"] == together["row"].map { Array($0[3 * row..<3 * row + 3]) })
    }
  }
}
