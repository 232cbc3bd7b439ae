import CVAEModels
import Foundation
import RecordTypes
import TensorGraph
import Testing

/// Records of a group that share z.
@Suite struct GroupTests {
  static let shape = GroupShape(groups: 2, sources: 3, targets: 2)

  private func model(
    _ fields: [Field] = [Tiny.image, Tiny.label], given: [String] = ["label"],
    prior: PriorKind = .learned, acceptsMissing: Bool = false, seed: UInt64 = 1,
    _ change: (inout ModelConfiguration) -> Void = { _ in }
  ) throws -> ConditionalVAE {
    try Tiny.model(
      fields, given: given,
      Tiny.configuration(prior: prior) {
        $0.group = "face"
        change(&$0)
      }, acceptsMissing: acceptsMissing, seed: seed)
  }

  /// Values for every input of a grouped program.
  private func batch(
    of model: ConditionalVAE, seed: UInt64, mask: [Double] = [1, 1, 0, 1, 0, 0]
  ) -> TinyBatch {
    var batch = Tiny.groupBatch(of: model, seed: seed)
    batch.reals["sourceMask"] = mask
    return batch
  }

  struct Variant: Sendable, CustomTestStringConvertible {
    var name: String
    var fields = [Tiny.image, Tiny.label]
    var given = ["label"]
    var prior = PriorKind.learned
    var priorFields: [String]?
    var acceptsMissing = false
    var freeBits = 0.0
    var testDescription: String { name }
  }

  static let variants: [Variant] = [
    Variant(name: "learned prior"),
    Variant(name: "standard prior", prior: .standard),
    Variant(name: "affine-sigmoid prior", prior: .affineSigmoid),
    Variant(
      name: "prior of a field", fields: [Tiny.image, Tiny.label, Tiny.tag],
      given: ["label", "tag"], priorFields: ["tag"]),
    Variant(name: "gaussian", fields: [Tiny.vector, Tiny.label]),
    Variant(
      name: "unknown fields", fields: [Tiny.image, Tiny.label, Tiny.vector],
      given: ["label", "row"], acceptsMissing: true),
    Variant(name: "free bits", freeBits: 0.05),
  ]

  @Test(arguments: variants, [1, 2] as [UInt64])
  func lossMatchesCentralDifferences(variant: Variant, seed: UInt64) throws {
    let model = try model(
      variant.fields, given: variant.given, prior: variant.prior,
      acceptsMissing: variant.acceptsMissing, seed: seed
    ) { $0.prior.fields = variant.priorFields }
    var batch = batch(of: model, seed: seed)
    batch.reals["freeBits"] = [variant.freeBits]
    let program = try model.groupTrainingProgram(
      Self.shape, rule: AdamRule(), clipNorm: nil, hasFreeBits: variant.freeBits > 0)
    let update = try #require(program.program.update)
    #expect(update.gradients.map(\.parameter) == model.trainedParameters)
    let analytic = try batch.evaluate(program, update.gradients.map(\.node), of: model)
    for (gradient, tensor) in zip(update.gradients, analytic) {
      let start = model.store.initialValues(of: gradient.parameter).map(Double.init)
      let numeric = try start.indices.map { index in
        let step = cbrt(Double.ulpOfOne) * max(1, abs(start[index]))
        let ends = try [step, -step].map { move in
          var moved = start
          moved[index] += move
          return try batch.evaluate(
            program, [update.loss], of: model, parameters: [gradient.parameter.name: moved])[0]
            .values[0]
        }
        return (ends[0] - ends[1]) / (2 * step)
      }
      let scale = max(1e-3, numeric.map(abs).max() ?? 0)
      for (index, value) in numeric.enumerated() {
        #expect(
          abs(value - tensor.values[index]) / scale < 1e-7,
          "\(variant.name), seed \(seed), \(gradient.parameter.name)[\(index)]")
      }
    }
  }

  /// What single records tell, by the plain recognition program: each is the prior times a factor.
  private func singles(
    _ batch: TinyBatch, of model: ConditionalVAE
  ) throws -> [String: [Double]] {
    var sources = TinyBatch()
    for (name, values) in batch.reals where name.hasPrefix("source.") {
      sources.reals[String(name.dropFirst(7))] = values
    }
    for (name, values) in batch.indices where name.hasPrefix("source.") {
      sources.indices[String(name.dropFirst(7))] = values
    }
    return try sources.run(model.recognitionProgram(batch: 6), of: model)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func posteriorIsTheProductOfGaussians(seed: UInt64) throws {
    let model = try model(seed: seed)
    let mask = [1.0, 1, 0, 1, 0, 0]
    let batch = batch(of: model, seed: seed, mask: mask)
    let program = try model.groupRecognitionProgram(groups: 2, sources: 3)
    var leaders = batch
    leaders.indices["label"] = [0, 1]
    let joint = try leaders.run(program, of: model)
    let single = try singles(batch, of: model)
    let (means, logVariances) = (try #require(single["mean"]), try #require(single["logVariance"]))
    for group in 0..<2 {
      for dimension in 0..<2 {
        let priorMean = try #require(joint["priorMean"])[2 * group + dimension]
        let own = expOf(-(try #require(joint["priorLogVariance"])[2 * group + dimension]))
        var (precision, total) = (own, own * priorMean)
        for source in 0..<3 where mask[3 * group + source] == 1 {
          let index = 2 * (3 * group + source) + dimension
          // The factor: the single posterior without its prior.
          let whole = expOf(-logVariances[index])
          precision += whole - own
          total += whole * means[index] - own * priorMean
        }
        let found = 2 * group + dimension
        #expect(abs(try #require(joint["mean"])[found] - total / precision) < 1e-12)
        #expect(
          abs(try #require(joint["logVariance"])[found] + logOf(precision)) < 1e-12)
      }
    }
  }

  @Test func withoutSourcesZIsAsThePriorSays() throws {
    let model = try model()
    var batch = batch(of: model, seed: 1, mask: [0, 0, 0, 1, 1, 1])
    let outputs = try batch.run(model.groupEvaluationProgram(Self.shape), of: model)
    let kl = try #require(outputs["kl"])
    #expect(kl[0..<4].allSatisfy { abs($0) < 1e-12 })
    #expect(kl[4..<8].contains { $0 > 1e-6 })
    batch.indices["label"] = [0, 1]
    let joint = try batch.run(model.groupRecognitionProgram(groups: 2, sources: 3), of: model)
    #expect(
      zip(joint["mean"] ?? [], joint["priorMean"] ?? []).prefix(2)
        .allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// Masked sources have no say, and each target bears its share of one divergence.
  @Test func boundIsThatOfItsParts() throws {
    let model = try model()
    let batch = batch(of: model, seed: 1)
    let program = try model.groupEvaluationProgram(Self.shape)
    let outputs = try batch.run(program, of: model)
    var other = batch
    for pixel in 8..<12 { other.reals["source.image"]?[pixel] = 0.123 }
    other.indices["source.label"]?[5] = 2
    #expect(try other.run(program, of: model) == outputs)
    let (elbo, score, kl) = (
      try #require(outputs["elbo"]), try #require(outputs["logLikelihood"]),
      try #require(outputs["kl"])
    )
    for row in 0..<4 {
      #expect(abs(elbo[row] - (score[row] - kl[2 * row] - kl[2 * row + 1])) < 1e-12)
    }
    #expect(Array(kl[0..<2]) == Array(kl[2..<4]) && Array(kl[4..<6]) == Array(kl[6..<8]))
    var halved = batch
    halved.reals["groupShare"] = [0.125, 0.1]
    let half = try #require(try halved.run(program, of: model)["kl"])
    #expect(!half.isEmpty && zip(half, kl).allSatisfy { abs($0 - $1 / 2) < 1e-12 })
  }

  @Test func priorSeesWhatIsConstantAlone() throws {
    func names(_ model: ConditionalVAE) -> [String] {
      model.store.parameters.map(\.name).filter { $0.hasPrefix("prior.") }
    }
    #expect(names(try model()).allSatisfy { !$0.contains("label") })
    let told = try model([Tiny.image, Tiny.label, Tiny.tag], given: ["label", "tag"]) {
      $0.prior.fields = ["tag"]
    }
    #expect(names(told).contains("prior.hidden0.tag.weight"))
    #expect(!names(told).contains("prior.hidden0.label.weight"))
    #expect(throws: ConfigurationError.self) {
      try model { $0.prior.fields = ["image"] }
    }
  }
}
