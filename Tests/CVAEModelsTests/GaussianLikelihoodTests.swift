import CVAEModels
import Foundation
import RecordTypes
import TensorGraph
import Testing

/// Gaussian columns of which some, or none, count.
@Suite struct GaussianLikelihoodTests {
  /// Mean squared error 0 / 0 was no number; now nothing counts, and nothing is learned from it.
  @Test(arguments: [GaussianDeviation.optimal, .learned])
  func aBatchInWhichNoColumnCountsIsFinite(deviation: GaussianDeviation) throws {
    let model = try Tiny.model(
      [Tiny.image, Tiny.label], given: ["any"],
      Tiny.configuration {
        $0.likelihood = ["image": .gaussian]
        $0.gaussianDeviation = deviation
      }, acceptsMissing: true)
    var batch = Tiny.batch(of: model, count: 3, seed: 1)
    batch.reals["klWeight"] = [0.5]
    batch.reals["image.mask"] = [Double](repeating: 1, count: 12)
    let program = try model.trainingProgram(
      batch: 3, rule: AdamRule(), clipNorm: nil, hasFreeBits: false)
    let outputs = try batch.run(program, of: model)
    #expect(outputs["squaredError.image"] == [0])
    #expect(outputs["logLikelihood"]?.allSatisfy { abs($0) < 1e-12 } == true)
    let divergence = try #require(outputs["kl"]).reduce(0, +) / 3
    #expect(abs(try #require(outputs["loss"])[0] - 0.5 * divergence) < 1e-12)
    let gradients = try #require(program.program.update).gradients
    let values = try batch.evaluate(program, gradients.map(\.node), of: model)
    for (gradient, value) in zip(gradients, values) {
      #expect(value.values.allSatisfy { $0.isFinite }, "\(gradient.parameter.name)")
      if gradient.parameter.name.hasPrefix("decoder.image") {
        #expect(value.values.allSatisfy { $0 == 0 }, "\(gradient.parameter.name)")
      }
    }
    // One column that counts is enough for an error.
    batch.reals["image.mask"]?[5] = 0
    let one = try batch.run(program, of: model)
    #expect(try #require(one["squaredError.image"])[0] > 0)
  }

  /// The batch's error is that of the columns that count, and so is σ:
  /// −½ count · (1 + log 2π + log mean squared error) in all.
  @Test func theOptimalDeviationIsThatOfTheColumnsThatCount() throws {
    let model = try Tiny.model(
      [Tiny.image], given: ["any"],
      Tiny.configuration { $0.likelihood = ["image": .gaussian] })
    var batch = Tiny.batch(of: model, count: 3, seed: 2)
    batch.reals["klWeight"] = [1]
    let count = try #require(batch.reals["image.mask"]).reduce(0) { $0 + 1 - $1 }
    try #require(count > 1 && count < 12)
    let outputs = try batch.run(
      model.trainingProgram(batch: 3, rule: AdamRule(), clipNorm: nil, hasFreeBits: false),
      of: model)
    let error = try #require(outputs["squaredError.image"])[0]
    let variance = error + FittedDeviation.leastVariance
    let expected =
      -0.5 * count * (error / variance + log(2 * Double.pi) + log(variance))
    #expect(abs(try #require(outputs["logLikelihood"]).reduce(0, +) - expected) < 1e-9)
  }
}
