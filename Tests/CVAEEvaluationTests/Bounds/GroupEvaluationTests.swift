import CVAEEvaluation
import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

/// Groups that share z, against closed forms: x = w z + c(y) + σ ε with one z for each group.
@Suite struct GroupEvaluationTests {
  private let linear = LinearGaussian()
  /// Of the five records, three share a z and two another.
  private let faces: [Int32] = [0, 1, 0, 1, 0]

  private func data() throws -> DataSet {
    let plain = try linear.data()
    return try DataSet(
      schema: RecordSchema(
        trusting: plain.schema.fields + [Field(name: "face", kind: .category(levels: ["a", "b"]))]),
      columns: plain.columns + [.levels(faces)], source: "linear")
  }

  /// The network's factor for a record is p(x | z) as a Gaussian over z: of precision w·w / σ² around
  /// w · (x − c) / (w·w).
  private func model() throws -> TrainedModel {
    var configuration = ModelConfiguration()
    configuration.latent = 1
    configuration.group = "face"
    configuration.recognition.hidden = []
    configuration.decoder.hidden = []
    configuration.prior.kind = .standard
    configuration.gaussianDeviation = .learned
    let square = linear.weight.reduce(0) { $0 + $1 * $1 }
    let slopes = linear.weight.map { $0 / square }
    let tagMeans = linear.offsets.map { offset in
      -zip(slopes, offset).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let scale = FieldScale(
      mean: linear.mean, standardDeviation: linear.deviation, minimum: [-100, -100, -100],
      maximum: [100, 100, 100])
    return try TrainedModel.fixture(
      schema: LinearGaussian.schema, given: ["tag"], configuration,
      preprocessing: Preprocessing(scales: ["row": scale], levelCounts: ["tag": [2, 3]]),
      values: [
        "recognition.output.row.weight": slopes.flatMap { [$0, 0] },
        "recognition.output.tag.weight": tagMeans.flatMap { [$0, 0] },
        "recognition.output.bias": [0, -log(square / linear.variance)],
        "decoder.row.weight": linear.weight,
        "decoder.row.tag.weight": linear.offsets.flatMap { $0 },
        "decoder.row.bias": [0, 0, 0], "decoder.row.logDeviation": [linear.logDeviation],
      ])
  }

  /// log p of a group's records together, in the data's units.
  private func exact(_ records: [Int]) -> Double {
    let variance = linear.variance
    let square = linear.weight.reduce(0) { $0 + $1 * $1 }
    var (score, pull) = (0.0, 0.0)
    for record in records {
      let offset = linear.offsets[Int(linear.tags[record])]
      let residual = zip(linear.standardised[record], offset).map { $0 - $1 }
      score -= 0.5 * residual.reduce(0) { $0 + $1 * $1 } / variance
      score -= 1.5 * log(2 * Double.pi * variance)
      score -= linear.deviation.reduce(0) { $0 + log($1) }
      pull += zip(linear.weight, residual).reduce(0) { $0 + $1.0 * $1.1 } / variance
    }
    let precision = 1 + Double(records.count) * square / variance
    return score - 0.5 * log(precision) + 0.5 * pull * pull / precision
  }

  @Test(arguments: [2, 500])
  func groupsAreScoredAsAWhole(batch: Int) throws {
    let evaluator = Evaluator(model: try model(), executor: ReferenceExecutor(), batch: batch)
    let report = try evaluator.evaluate(data(), records: Array(0..<5), samples: 4000)
    let mean = (exact([0, 2, 4]) + exact([1, 3])) / 5
    #expect(abs(report.logLikelihood.mean - mean) < 0.01, "\(report.logLikelihood.mean), \(mean)")
    #expect(report.records == 5)
    #expect(report.elbo.mean < mean)
    #expect(abs(report.elbo.mean - (report.reconstruction.mean - report.kl.mean)) < 1e-9)
  }

  /// A record whose group has no other here is drawn from the prior, which costs no divergence.
  @Test func aloneARecordHasNoSource() throws {
    let evaluator = Evaluator(model: try model(), executor: ReferenceExecutor())
    let report = try evaluator.evaluate(data(), records: [3], samples: 8000)
    #expect(abs(report.kl.mean) < 1e-9)
    #expect(abs(report.logLikelihood.mean - linear.exact(3)) < 0.1)
  }

  /// One record's z is what the factor and the prior say together: the exact posterior.
  @Test func encodingIsThatOfSingleRecords() throws {
    let evaluator = Evaluator(model: try model(), executor: ReferenceExecutor())
    let encoding = try evaluator.encode(data(), records: Array(0..<5))
    for record in 0..<5 {
      #expect(abs(Double(encoding.z[record]) - linear.posteriorMean(record)) < 1e-5)
    }
  }

  @Test func dataMustNameTheGroups() throws {
    let evaluator = Evaluator(model: try model(), executor: ReferenceExecutor())
    #expect(throws: UnknownName.self) {
      _ = try evaluator.evaluate(linear.data(), records: [0], samples: 2)
    }
  }
}
