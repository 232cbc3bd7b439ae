import CVAEEvaluation
import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

/// Scores of unknown pixels.
@Suite struct MaskedEvaluationTests {
  private static let size = ImageSize(height: 2, width: 2, channels: 1)
  private static let schema = RecordSchema(trusting: [
    Field(name: "image", kind: .image(size))
  ])

  /// Pixels are independent, with a logit each that depends on nothing, and z says nothing.
  private func model(logits: [Double]) throws -> TrainedModel {
    var configuration = ModelConfiguration()
    configuration.latent = 1
    configuration.recognition.hidden = []
    configuration.decoder.hidden = []
    configuration.prior.kind = .standard
    let zeros = [
      "recognition.output.image.weight": 8, "recognition.output.image.mask.weight": 8,
      "recognition.output.bias": 2, "decoder.image.weight": 4,
      "decoder.image.image.known.weight": 16, "decoder.image.image.mask.weight": 16,
    ].mapValues { [Double](repeating: 0, count: $0) }
    return try TrainedModel.fixture(
      schema: Self.schema, given: ["any"], configuration,
      values: zeros.merging(["decoder.image.bias": logits]) { $1 })
  }

  private func data() throws -> DataSet {
    try DataSet(
      schema: Self.schema,
      columns: [.bytes([255, 0, 255, 51, 0, 0, 255, 255, 102, 0, 0, 255], size: Self.size)])
  }

  private func report(_ kinds: [MaskKind]?, samples: Int = 3) throws -> EvaluationReport {
    try Evaluator(
      model: model(logits: [0.5, -1, 2, 0]), executor: ReferenceExecutor(),
      masks: kinds.map(MaskDistribution.init)
    ).evaluate(data(), records: [0, 1, 2], samples: samples)
  }

  @Test func onlyMissingPixelsAreScored() throws {
    let values = [[1, 0, 1, 0.2], [0, 0, 1, 1], [0.4, 0, 0, 1]]
    let logits = [0.5, -1, 2, 0]
    func exact(_ pixels: [Int]) -> Double {
      let terms = values.flatMap { record in
        pixels.map { record[$0] * logits[$0] - log(1 + exp(logits[$0])) }
      }
      return terms.reduce(0, +) / 3
    }
    for (kind, missing) in [
      (MaskKind.bottomLeft, [0, 1, 3]), (.allButTopRight, [1]), (.none, [0, 1, 2, 3]),
    ] {
      let report = try report([kind])
      #expect(abs(report.logLikelihood.mean - exact(missing)) < 1e-5, "\(kind)")
      #expect(abs(report.elbo.mean - exact(missing)) < 1e-5, "\(kind)")
      #expect(report.masks == kind.rawValue)
      #expect(report.bitsPerDimension == nil)
      #expect(report.table.contains("missing pixels alone, masks   \(kind.rawValue)"))
      #expect(try report.json.contains("\"masks\":\"\(kind.rawValue)\""))
    }
  }

  @Test func randomMasksAreKeyedByTheRun() throws {
    #expect(try report(nil) == report(nil))
    #expect(try report(nil).masks == "blocks,quadrants,halves,scattered,none")
    #expect(try report(nil) != report([.none]))
  }

  /// Encoding shows the whole record, nothing of it given.
  @Test func encodingGivesNothing() throws {
    let model = try model(logits: [0, 0, 0, 0])
    let encoding = try Evaluator(model: model, executor: ReferenceExecutor())
      .encode(data(), records: [0, 1, 2])
    #expect(encoding.z == [0, 0, 0] && encoding.u == [0, 0, 0])
  }
}
