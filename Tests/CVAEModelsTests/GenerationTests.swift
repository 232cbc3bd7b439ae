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
