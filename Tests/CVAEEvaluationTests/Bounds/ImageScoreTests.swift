import CVAEEvaluation
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

/// Which scores of images are densities, and what binarisation does to them.
@Suite struct ImageScoreTests {
  private static let size = ImageSize(height: 2, width: 2, channels: 1)
  private let schema = RecordSchema(trusting: [
    Field(name: "picture", kind: .image(size)),
    Field(name: "tag", kind: .category(levels: ["a", "b"])),
    Field(name: "kind", kind: .category(levels: ["x", "y", "z"])),
  ])
  private let grey: [UInt8] = [0, 80, 160, 255, 30, 200, 100, 255, 128, 128, 0, 66]

  private func report(
    pixels: [UInt8], samples: Int = 3, _ change: (inout ModelConfiguration) -> Void = { _ in }
  ) throws -> EvaluationReport {
    var configuration = ModelConfiguration()
    configuration.latent = 2
    configuration.recognition.hidden = [5]
    configuration.prior.hidden = [3]
    configuration.decoder.hidden = [4]
    change(&configuration)
    let data = try DataSet(
      schema: schema,
      columns: [
        .bytes(pixels, size: Self.size), .levels([0, 1, 1] as [Int32]),
        .levels([2, 0, 1] as [Int32]),
      ])
    let model = try TrainedModel.fixture(schema: schema, given: ["tag"], configuration)
    return try Evaluator(model: model, executor: ReferenceExecutor())
      .evaluate(data, records: [0, 1, 2], samples: samples)
  }

  @Test func aBernoulliOnGreyValuesHasNoBits() throws {
    let report = try report(pixels: grey)
    #expect(report.bitsPerDimension == nil)
    #expect(report.greyFields == ["picture"])
    let note =
      "bits per dimension            none: a Bernoulli on grey values (picture) is a score, not a density"
    #expect(report.table.contains(note))
  }

  /// Four pixels and a category are five dimensions.
  @Test func aBernoulliOnBlackAndWhiteHasBits() throws {
    let report = try report(pixels: grey.map { $0 < 128 ? 0 : 255 })
    let bits = try #require(report.bitsPerDimension)
    #expect(abs(bits.mean + report.logLikelihood.mean / (5 * log(2))) < 1e-12)
  }

  @Test func aGaussiansBitsAreThoseOfGreyLevels() throws {
    let report = try report(pixels: grey) { $0.likelihood = ["picture": .gaussian] }
    let bits = try #require(report.bitsPerDimension)
    let density = report.logLikelihood.mean - 4 * log(255)
    #expect(abs(bits.mean + density / (5 * log(2))) < 1e-12)
  }

  @Test func fieldsAddUp() throws {
    let report = try report(pixels: grey)
    #expect(Set(report.fields.keys) == ["picture", "kind"])
    let sum = report.fields.values.reduce(0) { $0 + $1.mean }
    #expect(abs(sum - report.reconstruction.mean) < 1e-6)
    #expect(report.table.contains("    picture"))
  }

  /// A model that binarises sees the same black and white image in recognition and in every sample:
  /// drawing it beforehand changes nothing.
  @Test func binarisationIsOneDrawForAllSamples() throws {
    let position = RandomPosition(seed: 7, step: 0)
    let drawn: [UInt8] = grey.indices.map { index in
      let draw = position.uniform(
        RandomPurpose("binarize picture"), record: UInt32(index / 4), column: index % 4)
      return draw < Double(grey[index]) / 255 ? 255 : 0
    }
    let live = try report(pixels: grey, samples: 6) { $0.binarize = true }
    let fixed = try report(pixels: drawn, samples: 6) { $0.binarize = true }
    #expect(live == fixed)
    #expect(live.bitsPerDimension != nil)
    #expect(try live.elbo != report(pixels: grey, samples: 6).elbo)
  }
}
