import CVAEModels
import Foundation
import RecordTypes
import TensorGraph
import Testing

/// The importance-sampled bound, on a linear Gaussian model whose log p(x | y) is known:
/// x = w z + c(y) + σ ε in three columns, so that x ~ N(c, w wᵀ + σ² I).
@Suite struct ImportanceTests {
  private let weight = [0.8, -0.5, 1.1]
  private let offsets = [[0.2, 0.1, -0.3], [-0.4, 0.6, 0.5]]
  private let logDeviation = -0.4
  private let records = [[0.5, -0.2, 0.9], [-1.0, 0.4, 0.1], [0.1, 1.2, -0.7]]
  private let tags = [0, 1, 0]

  private var variance: Double { exp(2 * logDeviation) }
  private var precision: Double { 1 + weight.reduce(0) { $0 + $1 * $1 } / variance }

  private func model() throws -> ConditionalVAE {
    try Tiny.model(
      [Tiny.vector, Tiny.tag], given: ["tag"],
      Tiny.configuration(latent: 1, hidden: [], prior: .standard) {
        $0.gaussianDeviation = .learned
      })
  }

  private var batch: TinyBatch {
    var batch = TinyBatch()
    batch.reals["row"] = records.flatMap { $0 }
    batch.indices = ["tag": tags.map(Int32.init), "records": [0, 1, 2]]
    return batch
  }

  /// By the matrix determinant lemma and Sherman and Morrison.
  private func exact(_ record: Int) -> Double {
    let residual = zip(records[record], offsets[tags[record]]).map { $0 - $1 }
    let square = residual.reduce(0) { $0 + $1 * $1 }
    let projection = zip(weight, residual).reduce(0) { $0 + $1.0 * $1.1 }
    let logDeterminant = 3 * log(variance) + log(precision)
    let quadratic = square / variance - projection * projection / (variance * variance * precision)
    return -0.5 * (3 * log(2 * Double.pi) + logDeterminant + quadratic)
  }

  /// Parameters of which the recognition network is the exact posterior: mean
  /// w · (x − c) / (σ² precision), variance 1 / precision.
  private var exactParameters: [String: [Double]] {
    let slopes = weight.map { $0 / (variance * precision) }
    let tagMeans = offsets.map { offset in
      -zip(slopes, offset).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return [
      "recognition.output.row.weight": slopes.flatMap { [$0, 0] },
      "recognition.output.tag.weight": tagMeans.flatMap { [$0, 0] },
      "recognition.output.bias": [0, -log(precision)],
      "decoder.row.weight": weight, "decoder.row.tag.weight": offsets.flatMap { $0 },
      "decoder.row.bias": [0, 0, 0], "decoder.row.logDeviation": [logDeviation],
    ]
  }

  private func weights(_ parameters: [String: [Double]], samples: UInt32) throws -> [[Double]] {
    let model = try model()
    var inputs = batch
    let recognised = try batch.run(
      model.recognitionProgram(batch: 3), of: model, parameters: parameters)
    for name in ["mean", "logVariance", "priorMean", "priorLogVariance"] {
      let values = try #require(recognised[name])
      inputs.reals[name] = values
    }
    let program = try model.importanceProgram(batch: 3)
    return try (0..<samples).map { sample in
      let outputs = try inputs.run(
        program, of: model, parameters: parameters, at: RandomPosition(seed: 11, step: sample))
      return try #require(outputs["logWeight"])
    }
  }

  @Test func underTheExactPosteriorEveryWeightIsExact() throws {
    for weights in try weights(exactParameters, samples: 5) {
      for record in 0..<3 {
        #expect(abs(weights[record] - exact(record)) < 1e-10)
      }
    }
  }

  @Test func underTheExactPosteriorTheBoundIsTight() throws {
    let model = try model()
    let program = try model.evaluationProgram(batch: 3)
    var mean = [0.0, 0.0, 0.0]
    for step in 0..<2000 as Range<UInt32> {
      let outputs = try batch.run(
        program, of: model, parameters: exactParameters, at: RandomPosition(seed: 2, step: step))
      for record in 0..<3 { mean[record] += (outputs["elbo"]?[record] ?? .nan) / 2000 }
    }
    for record in 0..<3 { #expect(abs(mean[record] - exact(record)) < 0.05) }
  }

  @Test func underAnotherPosteriorManySamplesConverge() throws {
    var parameters = exactParameters
    parameters["recognition.output.bias"] = [0.4, 0.6 - log(precision)]
    let weights = try weights(parameters, samples: 2000)
    for record in 0..<3 {
      let own = weights.map { $0[record] }
      let bound = logSumExp(own) - log(Double(own.count))
      let elbo = own.reduce(0, +) / Double(own.count)
      #expect(abs(bound - exact(record)) < 0.03, "record \(record): \(bound), \(exact(record))")
      #expect(elbo < exact(record) - 0.1)
      #expect(bound >= elbo)
    }
  }
}
