import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph
import Testing

@testable import CVAETraining

/// A small model with its first weights, and data for it.
enum TinyTrained {
  static let image = Field(
    name: "image", kind: .image(ImageSize(height: 2, width: 2, channels: 1)))
  static let label = Field(name: "label", kind: .category(levels: ["a", "b", "c"]))

  /// Six pictures whose labels take turns.
  static func data() throws -> DataSet {
    try DataSet(
      schema: RecordSchema(fields: [image, label]),
      columns: [
        .grey((0..<24).map { UInt8($0 * 10) }, width: 4), .levels([0, 1, 2, 0, 1, 2]),
      ], source: "tiny.npz")
  }

  static func model(
    acceptsMissing: Bool = false, _ change: (inout ModelConfiguration) -> Void = { _ in }
  ) throws -> TrainedModel {
    var configuration = ModelConfiguration()
    configuration.latent = 2
    configuration.recognition.hidden = [3]
    configuration.prior.hidden = [3]
    configuration.decoder.hidden = [3]
    configuration.activation = .tanh
    change(&configuration)
    return try trained(
      data(), roles: Roles(given: ["label"], schema: try RecordSchema(fields: [image, label])),
      configuration, acceptsMissing: acceptsMissing)
  }

  /// 60 rows with a category, a number of one decimal that is missing in every sixth row, and another category.
  static func rows(labelsMayBeMissing: Bool = false, missing: [String] = []) throws -> DataSet {
    try DataSet(
      schema: RecordSchema(fields: [
        label.missing(labelsMayBeMissing),
        Field(
          name: "size", kind: .number, mayBeMissing: true, style: CellStyle(missing: missing)),
        Field(name: "tag", kind: .category(levels: ["x", "y"])),
      ]),
      columns: [
        .levels((0..<60).map { Int32($0 % 3) }),
        .numbers((0..<60).map { $0 % 6 == 5 ? nil : Double($0) / 10 }),
        .levels((0..<60).map { Int32($0 % 2) }),
      ], source: "tiny.csv", forms: ["size": .decimals(1)], isTable: true
    )
  }

  /// A model of these rows, of which any field may be given.
  static func rowModel(
    seed: UInt64 = 1, sizes: LikelihoodKind = .mixture, labelsMayBeMissing: Bool = false,
    missing: [String] = []
  ) throws -> TrainedModel {
    try rowModel(
      of: rows(labelsMayBeMissing: labelsMayBeMissing, missing: missing), seed: seed, sizes: sizes)
  }

  /// A model of data with texts, of which `given` are given, or any with `["any"]`.
  static func textModel(
    of data: DataSet, given: [String], embedding: Int, reader: Int, writer: Int
  ) throws -> TrainedModel {
    let isAny = given == ["any"]
    var configuration = isAny ? rowConfiguration : ModelConfiguration()
    configuration.latent = 2
    configuration.recognition.hidden = [3]
    configuration.prior.hidden = [3]
    configuration.text.embedding = embedding
    configuration.text.reader = reader
    configuration.text.writer = writer
    return try trained(
      data, roles: Roles.named(given, schema: data.schema), configuration, acceptsMissing: isAny)
  }

  /// A model of a table with one category, `label`.
  static func levelModel(_ levels: [String]) throws -> TrainedModel {
    try rowModel(
      of: DataSet(
        schema: RecordSchema(fields: [Field(name: "label", kind: .category(levels: levels))]),
        columns: [.levels((0..<60).map { Int32($0 % levels.count) })], source: "tiny.csv",
        isTable: true))
  }

  /// A model of a table with one column, `size`.
  static func columnModel() throws -> TrainedModel {
    try rowModel(
      of: DataSet(
        schema: RecordSchema(fields: [Field(name: "size", kind: .number)]),
        columns: [.numbers((0..<60).map { Double($0) / 10 })], source: "tiny.csv",
        forms: ["size": .decimals(1)], isTable: true))
  }

  /// A model that draws a label under a place of two numbers.
  static func placeModel(acceptsMissing: Bool) throws -> TrainedModel {
    var configuration = ModelConfiguration()
    configuration.latent = 2
    configuration.recognition.hidden = [3]
    configuration.prior.hidden = [3]
    configuration.decoder.hidden = [3]
    let data = try DataSet(
      schema: RecordSchema(fields: [Field(name: "place", kind: .vector(count: 2)), label]),
      columns: [
        .numbers([1, 10, 2, 40, 3, 70, 4, 100, 5, 130, 6, 160], width: 2),
        .levels([0, 1, 2, 0, 1, 2]),
      ], source: "tiny.npz")
    return try trained(
      data, roles: Roles(given: ["place"], schema: data.schema), configuration,
      acceptsMissing: acceptsMissing)
  }

  /// A model of pictures of which any pixels may be given, and of their label.
  static func completingModel(_ size: ImageSize) throws -> TrainedModel {
    var configuration = ModelConfiguration()
    configuration.latent = 2
    configuration.recognition.hidden = [3]
    configuration.prior.hidden = [3]
    configuration.decoder.hidden = [3]
    let data = try DataSet(
      schema: RecordSchema(fields: [Field(name: "image", kind: .image(size)), label]),
      columns: [
        .bytes((0..<6 * size.count).map { UInt8($0 * 7 % 256) }, size: size),
        .levels([0, 1, 2, 0, 1, 2]),
      ], source: "tiny.npz")
    return try trained(
      data, roles: Roles.named(["any"], schema: data.schema), configuration,
      acceptsMissing: true)
  }

  private static func rowModel(
    of data: DataSet, seed: UInt64 = 1, sizes: LikelihoodKind = .mixture
  ) throws -> TrainedModel {
    var configuration = rowConfiguration
    if data.schema.position(of: "size") != nil { configuration.likelihood = ["size": sizes] }
    return try trained(
      data, roles: Roles.named(["any"], schema: data.schema), configuration, acceptsMissing: true,
      seed: seed)
  }

  /// Small networks that draw columns one after the other.
  static var rowConfiguration: ModelConfiguration {
    var configuration = ModelConfiguration()
    configuration.latent = 2
    configuration.recognition.hidden = [3]
    configuration.prior.hidden = [3]
    configuration.decoder.hidden = [3]
    configuration.decoder.columns = [5, 4]
    return configuration
  }

  static func trained(
    _ data: DataSet, roles: Roles, _ configuration: ModelConfiguration, acceptsMissing: Bool,
    seed: UInt64 = 1, combinations: ([FieldInput], FieldInput) -> [Float] = { _, _ in [] }
  ) throws -> TrainedModel {
    let model = try ConditionalVAE(
      schema: data.schema, roles: roles, configuration: configuration,
      acceptsMissing: acceptsMissing, seed: seed, combinations: combinations)
    let tensors = model.store.parameters.map { parameter in
      (
        parameter.name,
        StoredTensor(
          shape: parameter.shape.dimensions, values: model.store.initialValues(of: parameter))
      )
    }
    return TrainedModel(
      model: model,
      preprocessing: try Preprocessing.fit(data, on: (0..<Int32(data.count)).map { $0 }),
      objective: ModelObjective(
        klWeight: .constant(1), freeBits: 0, likelihood: ["image": .bernoulli], binarize: false),
      provenance: ModelProvenance(
        dataFingerprint: "", splitSeed: 1, validation: 0, seed: 1, epochs: 0, steps: 0,
        trainingRecords: data.count, precision: .float32, configuration: RunConfiguration()),
      tensors: Dictionary(uniqueKeysWithValues: tensors))
  }

  /// What a record's recognition gives.
  static func recognised(
    _ record: Int, model: TrainedModel
  ) throws -> (mean: [Float], logVariance: [Float], priorMean: [Float], priorLogVariance: [Float]) {
    let program = try model.makeSession(ReferenceExecutor()).compile(
      model.model.recognitionProgram(batch: 1))
    let (image, label) = (try model.variable("image"), try model.variable("label"))
    program.withIndexInput(.field(label, .own)) { $0[0] = Int32(record % 3) }
    program.withIndexInput(.records(.own)) { $0[0] = 0 }
    program.withInput(.field(image, .own)) { buffer in
      for pixel in 0..<4 { buffer[pixel] = Float((4 * record + pixel) * 10) / 255 }
    }
    try program.run(at: RandomPosition(seed: 1, step: 0))
    return (
      program.output(.gaussian(.mean)), program.output(.gaussian(.logVariance)),
      program.output(.gaussian(.priorMean)), program.output(.gaussian(.priorLogVariance))
    )
  }

  /// The expected pixels of a record at the mean of q(z | x, y), decoded under its own label: with a
  /// prior whose mean and variance `recognised` reads, u = (z − mean) / σ.
  static func reconstruction(of record: Int, model: TrainedModel) throws -> [Float] {
    let own = try recognised(record, model: model)
    var form = DrawingForm()
    form.drawsStyle = false
    let program = try model.makeSession(ReferenceExecutor()).compile(
      model.model.drawingProgram(batch: 1, form))
    let label = try model.variable("label")
    program.withIndexInput(.field(label, .own)) { $0[0] = Int32(record % 3) }
    program.withIndexInput(.records(.own)) { $0[0] = 0 }
    program.withInput(.style) { buffer in
      for dimension in 0..<2 {
        buffer[dimension] =
          (own.mean[dimension] - own.priorMean[dimension])
          / expOf(0.5 * own.priorLogVariance[dimension])
      }
    }
    try program.run(at: RandomPosition(seed: 1, step: 0))
    return program.output(.value(try model.variable("image")))
  }
}

func expOf(_ x: Float) -> Float { exp(x) }

extension TrainedModel {
  /// The variable of that name.
  func variable(_ name: String) throws -> FieldInput {
    try #require(model.inputs.first { $0.name == name }, "There is no variable '\(name)'.")
  }

  /// The same model whose decoder says `outputs` of columns of rows, by their names, whatever else is known.
  func saying(_ outputs: [String: [Float]]) throws -> TrainedModel {
    var tensors = tensors
    for (name, values) in outputs {
      let (weight, bias) = ("decoder.\(name).weight", "decoder.\(name).bias")
      let shape = try #require(tensors[weight]).shape
      try #require(shape.last == values.count, "The decoder says \(shape) of '\(name)'.")
      tensors[weight] = StoredTensor(
        shape: shape, values: [Float](repeating: 0, count: shape.reduce(1, *)))
      tensors[bias] = StoredTensor(shape: [values.count], values: values)
    }
    return TrainedModel(
      model: model, preprocessing: preprocessing, objective: objective, provenance: provenance,
      tensors: tensors)
  }
}

extension RecordColumn {
  /// Pictures of one channel.
  static func grey(_ bytes: [UInt8], width: Int) -> RecordColumn {
    RecordColumn(.bytes(ByteStorage(bytes)), width: width)
  }
}
