import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEEvaluation

@Suite struct EncodingTests {
  private let linear = LinearGaussian()

  @Test func theLatentIsThePosteriorsMean() throws {
    let evaluator = try Evaluator(
      model: linear.model(), executor: ReferenceExecutor(), batch: 2)
    let records: [Int32] = [4, 0, 2]
    let encoding = try evaluator.encode(linear.data(), records: records)
    #expect(encoding.records == records)
    #expect(encoding.latent == 1)
    for (row, record) in records.enumerated() {
      #expect(abs(Double(encoding.z[row]) - linear.posteriorMean(Int(record))) < 1e-6)
    }
    // Under the standard prior style is the latent.
    #expect(encoding.u == encoding.z)
    #expect(throws: EvaluationFailure.self) {
      try evaluator.encode(linear.data(), records: [])
    }
  }

  @Test func styleIsRelativeToThePrior() throws {
    var configuration = ModelConfiguration()
    configuration.latent = 2
    configuration.recognition.hidden = []
    configuration.prior.hidden = []
    configuration.decoder.hidden = []
    let scale = FieldScale(
      mean: [0, 0, 0], standardDeviation: [1, 1, 1], minimum: [0, 0, 0], maximum: [1, 1, 1])
    let model = try TrainedModel.fixture(
      schema: LinearGaussian.schema, given: ["tag"], configuration,
      preprocessing: Preprocessing(scales: ["row": scale], levelCounts: ["tag": [2, 3]]),
      values: [
        "prior.output.tag.weight": [1, 2, 0.5, -0.5, -1, 0, 1, 0],
        "prior.output.bias": [0, 0, 0, 0],
      ])
    let encoding = try Evaluator(model: model, executor: ReferenceExecutor())
      .encode(linear.data(), records: [0, 1])
    let means: [Float] = [1, 2, -1, 0]
    let logVariances: [Float] = [0.5, -0.5, 1, 0]
    for index in 0..<4 {
      let style = (encoding.z[index] - means[index]) / exp(logVariances[index] / 2)
      #expect(abs(encoding.u[index] - style) < 1e-5)
    }
  }
}
