import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph

@testable import CVAETraining

/// A model whose log p(x | y) is known: x = w z + c(y) + σ ε in three standardised columns, so that
/// x ~ N(c, w wᵀ + σ² I). Its recognition network is the exact posterior.
struct LinearGaussian {
  let weight = [0.8, -0.5, 1.1]
  let offsets = [[0.2, 0.1, -0.3], [-0.4, 0.6, 0.5]]
  let logDeviation = -0.4
  /// By which the network's columns were standardised.
  let mean = [10.0, -2, 0.5]
  let deviation = [2.0, 0.25, 3]
  let standardised = [
    [0.5, -0.25, 1.0], [-1.0, 0.5, 0.25], [0.25, 1.25, -0.75], [1.5, -1.0, 0.5], [0, 0.25, 2],
  ]
  let tags: [Int32] = [0, 1, 0, 1, 1]

  var variance: Double { exp(2 * logDeviation) }
  /// Of z given x: its variance is the inverse.
  var precision: Double { 1 + weight.reduce(0) { $0 + $1 * $1 } / variance }

  static let schema = RecordSchema(trusting: [
    Field(name: "row", kind: .vector(count: 3)),
    Field(name: "tag", kind: .category(levels: ["left", "right"])),
  ])

  func data() throws -> DataSet {
    let values = standardised.flatMap { row in
      row.indices.map { row[$0] * deviation[$0] + mean[$0] }
    }
    return try DataSet(
      schema: Self.schema, columns: [.numbers(values, width: 3), .levels(tags)], source: "linear")
  }

  /// log p(x | y) in the data's units, by the matrix determinant lemma and Sherman and Morrison.
  func exact(_ record: Int) -> Double { exact(record, tag: Int(tags[record])) }

  /// The same under another tag.
  func exact(_ record: Int, tag: Int) -> Double {
    let offset = offsets[tag]
    let residual = zip(standardised[record], offset).map { $0 - $1 }
    let square = residual.reduce(0) { $0 + $1 * $1 }
    let projection = zip(weight, residual).reduce(0) { $0 + $1.0 * $1.1 }
    let logDeterminant = 3 * log(variance) + log(precision)
    let quadratic = square / variance - projection * projection / (variance * variance * precision)
    let units = deviation.reduce(0) { $0 + log($1) }
    return -0.5 * (3 * log(2 * Double.pi) + logDeterminant + quadratic) - units
  }

  /// The exact posterior's mean, w · (x − c) / (σ² precision).
  func posteriorMean(_ record: Int) -> Double {
    let offset = offsets[Int(tags[record])]
    return weight.indices.reduce(0) {
      $0 + weight[$1] * (standardised[record][$1] - offset[$1]) / (variance * precision)
    }
  }

  /// `shift` moves the recognition network's mean and log-variance away from the exact posterior, and
  /// `slope` lets the latter grow with x.
  func model(
    shift: [Double] = [0, 0], slope: Double = 0, seed: UInt64 = 7
  ) throws -> TrainedModel {
    var configuration = ModelConfiguration()
    configuration.latent = 1
    configuration.recognition.hidden = []
    configuration.decoder.hidden = []
    configuration.prior.kind = .standard
    configuration.gaussianDeviation = .learned
    let slopes = weight.map { $0 / (variance * precision) }
    let tagMeans = offsets.map { offset in -zip(slopes, offset).reduce(0) { $0 + $1.0 * $1.1 } }
    let scale = FieldScale(
      mean: mean, standardDeviation: deviation, minimum: [-100, -100, -100],
      maximum: [100, 100, 100])
    return try TrainedModel.fixture(
      schema: Self.schema, given: ["tag"], configuration,
      preprocessing: Preprocessing(scales: ["row": scale], levelCounts: ["tag": [2, 3]]),
      values: [
        "recognition.output.row.weight": slopes.flatMap { [$0, slope] },
        "recognition.output.tag.weight": tagMeans.flatMap { [$0, 0] },
        "recognition.output.bias": [shift[0], shift[1] - log(precision)],
        "decoder.row.weight": weight, "decoder.row.tag.weight": offsets.flatMap { $0 },
        "decoder.row.bias": [0, 0, 0], "decoder.row.logDeviation": [logDeviation],
      ], seed: seed)
  }
}

extension TrainedModel {
  /// A model with chosen values; parameters left out keep their first ones.
  static func fixture(
    schema: RecordSchema, given: [String], _ configuration: ModelConfiguration,
    preprocessing: Preprocessing = Preprocessing(scales: [:], levelCounts: [:]),
    values: [String: [Double]] = [:], acceptsMissing: Bool = false, seed: UInt64 = 7
  ) throws -> TrainedModel {
    let model = try ConditionalVAE(
      schema: schema, roles: Roles.named(given, schema: schema), configuration: configuration,
      acceptsMissing: acceptsMissing, seed: seed)
    let tensors = model.store.parameters.map { parameter in
      let own = values[parameter.name]?.map(Float.init) ?? model.store.initialValues(of: parameter)
      return (parameter.name, StoredTensor(shape: parameter.shape.dimensions, values: own))
    }
    var run = RunConfiguration()
    run.model = configuration
    return TrainedModel(
      model: model, preprocessing: preprocessing,
      objective: ModelObjective(
        klWeight: run.training.klWeight, freeBits: 0, likelihood: [:],
        binarize: configuration.binarize),
      provenance: ModelProvenance(
        dataFingerprint: "", splitSeed: seed, validation: 0, seed: seed, epochs: 0, steps: 0,
        trainingRecords: 0, precision: run.training.precision, threads: nil, configuration: run),
      tensors: Dictionary(uniqueKeysWithValues: tensors))
  }
}
