import CVAEModels
import Foundation
import RecordTypes
import TensorGraph
import Testing

/// The training loss by central differences in `Double`, over whole models.
@Suite struct GradientTests {
  struct Variant: Sendable, CustomTestStringConvertible {
    var name: String
    var fields = [Tiny.image, Tiny.label]
    var given = ["label"]
    var configuration = Tiny.configuration()
    var acceptsMissing = false
    var freeBits = 0.0
    var testDescription: String { name }
  }

  static let variants: [Variant] = [
    Variant(name: "learned prior"),
    Variant(name: "standard prior", configuration: Tiny.configuration(prior: .standard)),
    Variant(name: "affine-sigmoid prior", configuration: Tiny.configuration(prior: .affineSigmoid)),
    Variant(
      name: "no hidden layers",
      configuration: Tiny.configuration(hidden: [], prior: .affineSigmoid)),
    Variant(
      name: "learned prior without hidden layers", configuration: Tiny.configuration(hidden: [])),
    Variant(name: "two hidden layers", configuration: Tiny.configuration(hidden: [3, 2])),
    Variant(
      name: "blind recognition",
      configuration: Tiny.configuration { $0.recognition.seesCondition = false }),
    Variant(name: "silu", configuration: Tiny.configuration { $0.activation = .silu }),
    Variant(name: "leaky relu", configuration: Tiny.configuration { $0.activation = .leakyRelu }),
    Variant(
      name: "gaussian, optimal deviation", fields: [Tiny.vector, Tiny.label],
      configuration: Tiny.configuration()),
    Variant(
      name: "gaussian, learned deviation", fields: [Tiny.vector, Tiny.label],
      configuration: Tiny.configuration { $0.gaussianDeviation = .learned }),
    Variant(name: "categorical", fields: [Tiny.tag, Tiny.label]),
    Variant(
      name: "several fields", fields: [Tiny.image, Tiny.label, Tiny.number, Tiny.tag, Tiny.vector],
      given: ["label", "row"]),
    Variant(
      name: "unknown fields", fields: [Tiny.image, Tiny.label, Tiny.vector],
      given: ["label", "row"], acceptsMissing: true),
    Variant(name: "no condition", given: []),
    Variant(name: "binarized", configuration: Tiny.configuration { $0.binarize = true }),
    Variant(name: "free bits", freeBits: 0.15),
    Variant(name: "any pixels", fields: [Tiny.image], given: ["any"]),
    Variant(
      name: "any pixels and fields", fields: [Tiny.image, Tiny.label, Tiny.number],
      given: ["any"], acceptsMissing: true),
    Variant(
      name: "any pixels, blind recognition", given: ["any"],
      configuration: Tiny.configuration { $0.recognition.seesCondition = false },
      acceptsMissing: true),
    Variant(
      name: "any pixels, gaussian", given: ["any"],
      configuration: Tiny.configuration { $0.likelihood = ["image": .gaussian] },
      acceptsMissing: true),
    Variant(
      name: "any pixels, gaussian, learned deviation", given: ["any"],
      configuration: Tiny.configuration {
        $0.likelihood = ["image": .gaussian]
        $0.gaussianDeviation = .learned
      }, acceptsMissing: true),
    Variant(
      name: "any pixels, binarized", given: ["any"],
      configuration: Tiny.configuration { $0.binarize = true }, acceptsMissing: true),
    Variant(name: "any pixels of a coloured image", fields: [Tiny.color], given: ["any"]),
    Variant(name: "text", fields: [Tiny.text, Tiny.label]),
    Variant(
      name: "text with dropout", fields: [Tiny.text, Tiny.label],
      configuration: Tiny.configuration { $0.text.dropout = 0.3 }),
    Variant(
      name: "given text, which may be unknown", fields: [Tiny.number, Tiny.text],
      given: ["text"], acceptsMissing: true),
    Variant(
      name: "a text under a text", fields: [Tiny.document, Tiny.text], given: ["document"],
      configuration: Tiny.configuration { $0.text.dropout = 0.3 }, acceptsMissing: true),
    Variant(
      name: "two texts, any fields given", fields: [Tiny.document, Tiny.text, Tiny.label],
      given: ["any"],
      configuration: Tiny.configuration { $0.decoder.columns = [4, 3] }, acceptsMissing: true),
    Variant(
      name: "a row with a text, any fields given", fields: [Tiny.text, Tiny.label, Tiny.number],
      given: ["any"],
      configuration: Tiny.configuration {
        $0.decoder.columns = [4, 3]
        $0.decoder.columnDropout = 0.3
      }, acceptsMissing: true),
  ]

  @Test(arguments: variants, [1, 2] as [UInt64])
  func matchesCentralDifferences(variant: Variant, seed: UInt64) throws {
    let model = try Tiny.model(
      variant.fields, given: variant.given, variant.configuration,
      acceptsMissing: variant.acceptsMissing, seed: seed)
    var batch = Tiny.batch(of: model, count: 4, seed: seed)
    batch.reals["klWeight"] = [0.7]
    batch.reals["freeBits"] = [variant.freeBits]
    let program = try model.trainingProgram(
      batch: 4, steps: Tiny.steps, rule: AdamRule(), clipNorm: nil,
      hasFreeBits: variant.freeBits > 0)
    let update = try #require(program.program.update)
    #expect(update.gradients.map(\.parameter) == model.trainedParameters)
    let analytic = try batch.evaluate(program, update.gradients.map(\.node), of: model)
    // What rounding of the loss itself may move a difference by, at the smallest step.
    let loss = abs(try batch.evaluate(program, [update.loss], of: model)[0].values[0])
    let rounding = loss * Double.ulpOfOne / cbrt(Double.ulpOfOne)
    for (gradient, tensor) in zip(update.gradients, analytic) {
      // Of the rows for a text's many tokens, some.
      let count = tensor.values.count
      let places = Array(stride(from: 0, to: count, by: count > 300 ? 13 : 1))
      let numeric = try differences(gradient.parameter, places, program, batch, model)
      let scale = max(1e-3, numeric.map(abs).max() ?? 0)
      for (index, value) in zip(places, numeric) {
        let error = max(0, abs(value - tensor.values[index]) - rounding) / scale
        #expect(
          error < 1e-7,
          "\(variant.name), seed \(seed), \(gradient.parameter.name)[\(index)]: \(value) and \(tensor.values[index])"
        )
      }
    }
  }

  private func differences(
    _ parameter: Parameter, _ places: [Int], _ program: ModelProgram, _ batch: TinyBatch,
    _ model: ConditionalVAE
  ) throws -> [Double] {
    let loss = try #require(program.program.update).loss
    let start = model.store.initialValues(of: parameter).map(Double.init)
    return try places.map { index in
      let step = cbrt(Double.ulpOfOne) * max(1, abs(start[index]))
      let ends = try [step, -step].map { move in
        var moved = start
        moved[index] += move
        return try batch.evaluate(
          program, [loss], of: model, parameters: [parameter.name: moved])[0].values[0]
      }
      return (ends[0] - ends[1]) / (2 * step)
    }
  }

  /// Free bits are charged for whole: below them, the divergence has no gradient.
  @Test func generousFreeBitsSilenceTheDivergence() throws {
    let model = try Tiny.model([Tiny.image, Tiny.label], given: ["label"], Tiny.configuration())
    var batch = Tiny.batch(of: model, count: 4, seed: 1)
    batch.reals["klWeight"] = [1]
    batch.reals["freeBits"] = [10]
    let program = try model.trainingProgram(
      batch: 4, rule: AdamRule(), clipNorm: nil, hasFreeBits: true)
    let free = try batch.run(program, of: model)
    let loss = try #require(free["loss"])[0]
    let logLikelihood = try #require(free["logLikelihood"]).reduce(0, +) / 4
    #expect(abs(loss - (20 - logLikelihood)) < 1e-12)
    // Where none are left, it costs what it is.
    batch.reals["freeBits"] = [0]
    let charged = try batch.run(program, of: model)
    let divergence = try #require(charged["kl"]).reduce(0, +) / 4
    #expect(abs(try #require(charged["loss"])[0] - (divergence - logLikelihood)) < 1e-12)
  }
}
