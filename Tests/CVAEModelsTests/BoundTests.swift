import CVAEModels
import Foundation
import RecordTypes
import TensorGraph
import Testing

/// The bound's terms against closed forms, on models small enough to do by hand.
@Suite struct BoundTests {
  /// Latent 1, no hidden layers, one number generated and one category given.
  private func smallest(prior: PriorKind, deviation: GaussianDeviation = .learned) throws
    -> ConditionalVAE
  {
    try Tiny.model(
      [Tiny.number, Tiny.tag], given: ["tag"],
      Tiny.configuration(latent: 1, hidden: [], prior: prior) { $0.gaussianDeviation = deviation })
  }

  private static let parameters: [String: [Double]] = [
    "recognition.output.size.weight": [0.5, -0.3],
    "recognition.output.tag.weight": [0.1, 0.2, -0.4, 0.6],
    "recognition.output.bias": [0.05, -0.1],
    "prior.output.tag.weight": [0.3, -0.2, 0.7, 0.1],
    "prior.output.bias": [-0.15, 0.25],
    "decoder.size.weight": [1.3],
    "decoder.size.tag.weight": [0.4, -0.9],
    "decoder.size.bias": [0.2],
    "decoder.size.logDeviation": [-0.35],
  ]

  @Test func everyTermIsItsFormula() throws {
    let model = try smallest(prior: .learned)
    var batch = TinyBatch()
    batch.reals["size"] = [0.8, -1.1]
    batch.indices = ["tag": [1, 0], "records": [9, 4]]
    let position = RandomPosition(seed: 3, step: 6)
    let outputs = try batch.run(
      model.evaluationProgram(batch: 2), of: model, parameters: Self.parameters, at: position)
    for (row, (x, tag, record)) in [(0.8, 1, 9), (-1.1, 0, 4)].enumerated() {
      let mean = 0.5 * x + [0.1, -0.4][tag] + 0.05
      let logVariance = -0.3 * x + [0.2, 0.6][tag] - 0.1
      let priorMean = [0.3, 0.7][tag] - 0.15
      let priorLogVariance = [-0.2, 0.1][tag] + 0.25
      let noise = position.normal(RandomPurpose("latent"), record: UInt32(record), column: 0)
      let z = mean + exp(logVariance / 2) * noise
      let decoded = 1.3 * z + [0.4, -0.9][tag] + 0.2
      let squaredError = (x - decoded) * (x - decoded)
      let logLikelihood =
        -squaredError / 2 * exp(0.7) + 0.35 - 0.5 * log(2 * Double.pi)
      let distance = mean - priorMean
      let divergence =
        0.5
        * (priorLogVariance - logVariance
          + (exp(logVariance) + distance * distance) / exp(priorLogVariance) - 1)
      #expect(abs((outputs["logLikelihood"]?[row] ?? .nan) - logLikelihood) < 1e-12)
      #expect(abs((outputs["logLikelihood.size"]?[row] ?? .nan) - logLikelihood) < 1e-12)
      #expect(abs((outputs["kl"]?[row] ?? .nan) - divergence) < 1e-12)
      #expect(abs((outputs["elbo"]?[row] ?? .nan) - (logLikelihood - divergence)) < 1e-12)
      #expect(abs((outputs["squaredError.size"]?[row] ?? .nan) - squaredError) < 1e-12)
    }
  }

  @Test func theLossWeighsOnlyTheDivergence() throws {
    let model = try smallest(prior: .learned)
    var batch = Tiny.batch(of: model, count: 4, seed: 2)
    batch.reals["klWeight"] = [0.25]
    let outputs = try batch.run(
      model.trainingProgram(batch: 4, rule: AdamRule(), clipNorm: nil, hasFreeBits: false),
      of: model)
    let elbo = try #require(outputs["elbo"])
    let kl = try #require(outputs["kl"])
    let logLikelihood = try #require(outputs["logLikelihood"])
    let mean = { (values: [Double]) in values.reduce(0, +) / 4 }
    #expect(abs(mean(elbo) - (mean(logLikelihood) - mean(kl))) < 1e-12)
    let loss = try #require(outputs["loss"])[0]
    #expect(abs(loss - (0.25 * mean(kl) - mean(logLikelihood))) < 1e-12)
  }

  /// The mean of an affine-sigmoid prior, through the divergence of a q with known parameters.
  @Test func anAffineSigmoidPriorHasItsMean() throws {
    let model = try smallest(prior: .affineSigmoid)
    var batch = Tiny.batch(of: model, count: 2, seed: 1)
    batch.indices["tag"] = [0, 1]
    let outputs = try batch.run(
      model.recognitionProgram(batch: 2), of: model,
      parameters: ["prior.output.tag.weight": [0.3, -2], "prior.output.bias": [0.1]])
    let means = try #require(outputs["priorMean"])
    #expect(abs(means[0] - sigmoidOf(0.4)) < 1e-12)
    #expect(abs(means[1] - sigmoidOf(-1.9)) < 1e-12)
    #expect(outputs["priorLogVariance"] == [0, 0])
  }

  /// Under the batch's own deviation the squares add up to the number of columns: per record
  /// −½ columns · (1 + log 2π + log mean squared error).
  @Test func theOptimalDeviationIsTheBatchs() throws {
    let model = try Tiny.model(
      [Tiny.vector, Tiny.label], given: ["label"], Tiny.configuration())
    var batch = Tiny.batch(of: model, count: 5, seed: 4)
    batch.reals["klWeight"] = [1]
    let training = try batch.run(
      model.trainingProgram(batch: 5, rule: AdamRule(), clipNorm: nil, hasFreeBits: false),
      of: model)
    let error = try #require(training["squaredError.row"])[0]
    let mean = try #require(training["logLikelihood"]).reduce(0, +) / 5
    #expect(abs(mean + 1.5 * (1 + log(2 * Double.pi) + log(error))) < 1e-9)

    // Evaluation reads the stored one instead; with the same value in it, it scores the same.
    let program = try model.evaluationProgram(batch: 5)
    let evaluation = try batch.run(program, of: model)
    let total = try #require(evaluation["squaredError.row"]).reduce(0, +)
    #expect(abs(total / 15 - error) < 1e-12)
    let fitted = 0.5 * log(error + FittedDeviation.leastVariance)
    let stored = try batch.run(
      program, of: model, parameters: ["decoder.row.logDeviation": [fitted]])
    let storedMean = try #require(stored["logLikelihood"]).reduce(0, +) / 5
    #expect(abs(storedMean - mean) < 1e-12)
    let unfittedMean = try #require(evaluation["logLikelihood"]).reduce(0, +) / 5
    #expect(unfittedMean < mean - 1e-3)
  }

  @Test(arguments: 1...5 as ClosedRange<UInt64>)
  func theDivergenceIsNeverNegative(seed: UInt64) throws {
    for prior in PriorKind.allCases {
      let model = try Tiny.model(
        [Tiny.image, Tiny.label], given: ["label"], Tiny.configuration(latent: 4, prior: prior),
        seed: seed)
      let batch = Tiny.batch(of: model, count: 16, seed: seed)
      let outputs = try batch.run(model.evaluationProgram(batch: 16), of: model)
      let kl = try #require(outputs["kl"])
      #expect(kl.count == 64)
      #expect(kl.allSatisfy { $0 >= -1e-12 }, "\(prior), seed \(seed): \(kl.min() ?? 0)")
      #expect(kl.contains { $0 > 1e-6 })
    }
  }

  @Test func severalFieldsAddUp() throws {
    let model = try Tiny.model(
      [Tiny.image, Tiny.label, Tiny.number, Tiny.tag], given: ["label"], Tiny.configuration())
    let batch = Tiny.batch(of: model, count: 3, seed: 6)
    let outputs = try batch.run(model.evaluationProgram(batch: 3), of: model)
    for row in 0..<3 {
      let parts = ["image", "size", "tag"].map { outputs["logLikelihood.\($0)"]?[row] ?? .nan }
      let total = outputs["logLikelihood"]?[row] ?? .nan
      #expect(abs(parts.reduce(0, +) - total) < 1e-12)
    }
    #expect(outputs["logLikelihood.label"] == nil)
    #expect(outputs["squaredError.image"] == nil)
  }

  @Test func binarizedImagesAreTheSameInEveryPlace() throws {
    let model = try Tiny.model(
      [Tiny.image, Tiny.label], given: ["label"], Tiny.configuration { $0.binarize = true })
    let batch = Tiny.batch(of: model, count: 40, seed: 8)
    let position = RandomPosition(seed: 1, step: 2)
    let seen = try batch.run(model.recognitionProgram(batch: 40), of: model, at: position)
    let binary = try #require(seen["binarized.image"])
    #expect(binary.allSatisfy { $0 == 0 || $0 == 1 })
    #expect(Set(binary).count == 2)
    let values = try #require(batch.reals["image"])
    let numbers = try #require(batch.indices["records"])
    for index in values.indices {
      let draw = position.uniform(
        RandomPurpose("binarize image"), record: UInt32(numbers[index / 4]), column: index % 4)
      #expect(binary[index] == (draw < values[index] ? 1 : 0))
    }

    // Black and white pixels stay as they are, so feeding them back changes no number.
    var fixed = batch
    fixed.reals["image"] = binary
    let program = try model.evaluationProgram(batch: 40)
    #expect(
      try batch.run(program, of: model, at: position)["elbo"]
        == fixed.run(program, of: model, at: position)["elbo"])
    let elsewhere = try batch.run(
      model.recognitionProgram(batch: 40), of: model, at: RandomPosition(seed: 1, step: 3))
    #expect(elsewhere["binarized.image"] != binary)
  }
}
