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

  @Test func oneOrTwoDimensionsAreTheirOwnMap() throws {
    let data = try linear.data()
    let one = try Encoding(records: [0, 1], latent: 1, z: [3, 4], u: [0, 0])
      .map(of: data, colouredBy: "tag")
    #expect(one.points.map(\.x) == [3, 4])
    #expect(one.points.map(\.y) == [0, 0])
    #expect(one.points.map(\.level) == [0, 1])
    #expect(one.levels == ["left", "right"])
    let two = try Encoding(records: [1, 0], latent: 2, z: [3, 4, 5, 6], u: [0, 0, 0, 0])
      .map(of: data, colouredBy: nil)
    #expect(two.points.map(\.x) == [3, 5])
    #expect(two.points.map(\.y) == [4, 6])
    #expect(two.points.map(\.level) == [nil, nil])
    #expect(two.verticalLabel == "z1")
  }

  @Test func moreDimensionsAreMappedOnPrincipalAxes() throws {
    let data = try linear.data()
    let z: [Float] = [1, 4, 9, 1, -4, 9, 1, 0, 10, 1, 0, 8]
    let map = try Encoding(
      records: [0, 1, 2, 3], latent: 3, z: z, u: [Float](repeating: 0, count: 12)
    ).map(of: data, colouredBy: "row")
    #expect(map.points.map { $0.x.rounded() } == [4, -4, 0, 0])
    #expect(map.points.map { $0.y.rounded() } == [0, 0, 1, -1])
    #expect(map.levels.isEmpty)
    #expect(map.horizontalLabel == "principal axis 1 of z (94 % of the variance)")
    #expect(map.verticalLabel == "principal axis 2 of z (6 % of the variance)")
    #expect(throws: UnknownName.self) {
      try Encoding(records: [0], latent: 1, z: [0], u: [0]).map(of: data, colouredBy: "tga")
    }
  }
}
