import CVAEModels
import Foundation
import RecordTypes
import TensorGraph
import Testing

/// Texts as fields: their likelihood, and what of them reaches what.
@Suite struct TextTests {
  private func model(
    _ fields: [Field] = [Tiny.text, Tiny.label], given: [String] = ["label"],
    acceptsMissing: Bool = false
  ) throws -> ConditionalVAE {
    try Tiny.model(
      fields, given: given, Tiny.configuration(), acceptsMissing: acceptsMissing)
  }

  /// One label and one style for all.
  private func batch(
    _ texts: [[Int32]?], of model: ConditionalVAE, steps: Int, longest: Int = 3,
    document: [Int32] = [7, 9]
  ) throws -> TinyBatch {
    var batch = TinyBatch()
    batch.indices["label"] = texts.map { _ in 1 }
    batch.indices["records"] = texts.map { _ in 7 }
    for input in model.inputs where input.isText {
      let isDocument = input.name == Tiny.document.name
      batch.setTexts(
        isDocument ? texts.map { _ in document } : texts, input, steps: isDocument ? 3 : steps,
        longest: isDocument ? 3 : longest)
    }
    // The same z for all.
    let shape = texts.count * 2
    for part in ["mean", "logVariance", "priorMean", "priorLogVariance"] {
      batch.reals[part] = (0..<shape).map { $0 % 2 == 0 ? 0.3 : -0.4 }
    }
    return batch
  }

  private func scores(
    _ texts: [[Int32]?], of model: ConditionalVAE, steps: Int, longest: Int = 3
  ) throws -> [Double] {
    let batch = try batch(texts, of: model, steps: steps, longest: longest)
    let outputs = try batch.run(
      model.importanceProgram(
        batch: texts.count, steps: TextSteps(["text": steps, "document": 3])), of: model)
    return try #require(outputs["logLikelihood.text"])
  }

  /// Whatever comes behind a beginning, the end included, adds up to the beginning's probability.
  @Test(arguments: [false, true])
  func continuationsAddUp(isUnderText: Bool) throws {
    let model =
      isUnderText ? try self.model([Tiny.document, Tiny.text], given: ["document"]) : try model()
    let all: [[Int32]] = [[]] + (0..<256).map { [$0] }
    let first = try scores(all, of: model, steps: 1, longest: 1)
    #expect(abs(first.map(exp).reduce(0, +) - 1) < 1e-12)
    let behind = try scores(
      [[65]] + (0..<256).map { [65, $0] }, of: model, steps: 2, longest: 2)
    #expect(abs(behind.map(exp).reduce(0, +) - exp(first[66])) < 1e-12)
  }

  /// What stands behind a text's end, and the other texts of a batch, change nothing.
  @Test func aTextHasOneScore() throws {
    let model = try model()
    let texts: [[Int32]] = [[1, 2], [], [200], [5, 6, 7]]
    let together = try scores(texts, of: model, steps: 4)
    #expect(try scores(texts, of: model, steps: 9) == together)
    for (text, score) in zip(texts, together) {
      #expect(try scores([text], of: model, steps: 4) == [score])
    }
    #expect(try scores([nil, [1, 2]], of: model, steps: 4) == [0, together[0]])
    #expect(Set(together).count == 4)
  }

  /// Drawing step by step gives the probabilities that texts are scored by.
  @Test(arguments: [false, true])
  func stepsSayWhatIsScored(isUnderText: Bool) throws {
    let model =
      isUnderText ? try self.model([Tiny.document, Tiny.text], given: ["document"]) : try model()
    let input = try #require(model.inputs.first { $0.isText && !$0.isGiven })
    let text: [Int32] = [9, 250]
    let score = try scores([text], of: model, steps: 3)[0]
    var form = DrawingForm()
    form.drawsStyle = false
    form.steps = 3
    var batch = try batch([text], of: model, steps: 3)
    // z = mean + σ u under the prior, and z itself is what importance sampling drew.
    let importance = try model.importanceProgram(batch: 1, steps: 3)
    let noise = try #require(
      importance.program.graph.nodes.first { node in
        if case .normal = importance.program.graph[node].operation { true } else { false }
      })
    let epsilon = try batch.evaluate(importance, [noise], of: model)[0].values
    let z = (0..<2).map { (value: Int) -> Double in
      let mean = value == 0 ? 0.3 : -0.4
      return mean + exp(0.5 * mean) * epsilon[value]
    }
    let style = try style(of: z, model)
    batch.reals["u"] = style
    let start = try batch.run(model.drawingProgram(batch: 1, form), of: model)
    var step = TinyBatch()
    step.reals["textStart"] = start["textStart.text"]
    step.reals["textShift"] = start["textShift.text"]
    step.reals["state"] = [Double](repeating: 0, count: 6)
    step.reals["temperature"] = [1]
    for source in model.textSources(of: input) {
      step.setTexts([[7, 9]], source, steps: 3)
      step.reals["document.memory"] = start["memory.document"]
    }
    let gates = try #require(
      try TinyBatch().run(model.tokenGatesProgram(of: input), of: model)["tokenGates"])
    var total = 0.0
    var before = 256
    for token in text + [256] {
      step.reals["tokenGates"] = Array(gates[before * 12..<(before + 1) * 12])
      let next = try step.run(model.tokenProgram(of: input, batch: 1, steps: 3), of: model)
      total += log(try #require(next["prediction"])[Int(token)])
      step.reals["state"] = next["state"]
      before = Int(token)
    }
    #expect(abs(total - score) < 1e-10)
  }

  /// The style that becomes z under the prior of label 1.
  private func style(of z: [Double], _ model: ConditionalVAE) throws -> [Double] {
    var batch = try batch([[1]], of: model, steps: 3)
    batch.indices["label"] = [1]
    let seen = try batch.run(model.recognitionProgram(batch: 1, steps: 3), of: model)
    let (mean, logVariance) = (
      try #require(seen["priorMean"]), try #require(seen["priorLogVariance"])
    )
    return z.indices.map { (z[$0] - mean[$0]) / exp(0.5 * logVariance[$0]) }
  }

  /// A given text reaches all that is generated; an unknown one is like any other unknown one.
  @Test func aGivenTextIsRead() throws {
    let model = try model([Tiny.number, Tiny.text], given: ["text"], acceptsMissing: true)
    func score(_ text: [Int32]?) throws -> Double {
      var batch = try batch([text], of: model, steps: 4)
      batch.reals["size"] = [0.5]
      batch.reals["text.missing"] = [text == nil ? 1 : 0]
      return try #require(
        batch.run(model.evaluationProgram(batch: 1, steps: 4), of: model)["elbo"])[0]
    }
    let seen = try [[1, 2], [2, 1], [], nil].map { try score($0) }
    #expect(Set(seen).count == 4)
  }

  /// A writer that only takes tokens of the given text gives the others no probability.
  @Test func tokensAreTakenFromAGivenText() throws {
    let model = try model([Tiny.document, Tiny.text], given: ["document"])
    let bias = "decoder.text.attention.bias"
    func shares(_ documents: [Int32]) throws -> [Double] {
      let batch = try batch(
        (0..<256).map { [$0] }, of: model, steps: 3, longest: 1, document: documents)
      let program = try model.importanceProgram(batch: 256, steps: 3)
      let scores = try batch.run(program, of: model, parameters: [bias: [-40, 40]])
      return try #require(scores["logLikelihood.text"]).map(exp)
    }
    let seen = try shares([7, 9])
    let taken = seen[7] + seen[9]
    #expect(taken > 0.3 && seen.reduce(0, +) - taken < 1e-10)
    // A token that stands twice has the attention of both places.
    let twice = try shares([7, 7])
    #expect(twice[7] > 0.5 && twice.reduce(0, +) - twice[7] < 1e-10)
    #expect(try shares([]).reduce(0, +) < 1e-10, "only the end can be taken")
  }
}
