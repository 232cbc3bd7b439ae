import CVAEModels
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph

@testable import CVAEGeneration
@testable import CVAETraining
@testable import ConditionalData

extension FuzzedReader {
  private static let marks = [
    "{", "}", "[", "]", ":", ",", "\"", "null", "true", "-1", "1e308", "NaN", "1e999", "\\u0000",
    "9223372036854775807", "4611686018427387904", "__metadata__", "data_offsets", "dtype", "shape",
    "F32", "I64", "U8", "\"number\"", "\"category\"", "\"image\"", "\"vector\"", "\"levels\"",
  ].map { Array($0.utf8) }

  /// Safetensors files, as a model, a checkpoint and an outline. An input that begins with a brace is a header
  /// and, after a zero, the data: the length before it is added, else every insertion would shift the data.
  static let safetensors = FuzzedReader(
    name: "safetensors", longest: 12_000, words: marks,
    seeds: {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let model = try smallModel()
      let path = scratch.folder.appending(path: "seed.safetensors").path
      let session = try model.makeSession(ReferenceExecutor())
      try Checkpoint(model: model, session: session, state: TrainingState()).save(to: path)
      let checkpoint = try [UInt8](Data(contentsOf: URL(filePath: path)))
      let header =
        "{\"a\":{\"data_offsets\":[0,8],\"dtype\":\"F32\",\"shape\":[2]},"
        + "\"b\":{\"data_offsets\":[8,16],\"dtype\":\"I64\",\"shape\":[1,1]},"
        + "\"__metadata__\":{\"k\":\"v\"}}"
      let plain = Array(header.utf8) + [0] + [UInt8](repeating: 0, count: 16)
      let length = checkpoint.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      return [
        checkpoint, plain,
        checkpoint[8..<8 + length] + [0] + checkpoint[(8 + length)...],
        .littleEndian(UInt64(header.utf8.count)) + plain.filter { $0 != 0 },
      ]
    },
    read: { bytes, scratch in
      var bytes = bytes
      if bytes.first == UInt8(ascii: "{"), let end = bytes.firstIndex(of: 0) {
        bytes = .littleEndian(UInt64(end)) + bytes[..<end] + bytes[(end + 1)...]
      }
      let path = try scratch.write(bytes, "fuzz.safetensors")
      _ = try SafetensorsFile.read(path)
      _ = try ModelOutline.load(path)
      _ = try TrainedModel.load(path).summary
      _ = try Checkpoint.load(path)
    })

  /// The texts in a model file's header: the first byte says which, the others are the text. A model that is
  /// accepted draws records.
  static let metadata = FuzzedReader(
    name: "metadata", longest: 12_000, words: marks,
    seeds: {
      let texts = try smallModel().metadata()
      return TrainedModel.metadataKeys.enumerated().map { index, key in
        [UInt8(index)] + Array((texts[key] ?? "").utf8)
      }
    },
    read: { bytes, _ in
      guard let first = bytes.first, let file = modelFile else { return }
      let keys = TrainedModel.metadataKeys
      let key = keys[Int(first) % keys.count]
      var changed = file
      changed.metadata[key] = String(decoding: bytes.dropFirst(), as: UTF8.self)
      let model = try TrainedModel(changed, path: "fuzz.safetensors")
      _ = model.summary
      guard ["schema", "preprocessing"].contains(key) else { return }
      let conditions = try Conditions([:], count: 2, model: model)
      let drawn = try Generator(model, executor: ReferenceExecutor(), batch: 2)
        .draw(DrawRequest(conditions, seed: 1))[0]
      for (field, column) in zip(drawn.records.schema.fields, drawn.records.columns) {
        for number in column.numbers { _ = drawn.forms[field.name]?.text(number) }
      }
    })

  private static let modelFile: SafetensorsFile? = {
    guard let model = try? smallModel(), let texts = try? model.metadata() else { return nil }
    return SafetensorsFile(metadata: texts, tensors: model.tensors)
  }()

  /// A small model, with its first weights, of a table with each kind of column.
  private static func smallModel() throws -> TrainedModel {
    var configuration = ModelConfiguration()
    configuration.latent = 1
    configuration.recognition.hidden = [2]
    configuration.prior.hidden = [2]
    configuration.decoder.hidden = [2]
    configuration.decoder.columns = [2]
    configuration.likelihood = ["size": .mixture]
    let data = try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "label", kind: .category(levels: ["a", "b", "c"])),
        Field(name: "size", kind: .number, mayBeMissing: true), Field(name: "day", kind: .number),
      ]),
      columns: [
        .levels((0..<30).map { Int32($0 % 3) }),
        .numbers((0..<30).map { $0 % 6 == 5 ? nil : Double($0) / 10 }),
        .numbers((0..<30).map(Double.init)),
      ], source: "fuzz.csv", forms: ["size": .decimals(1), "day": .days(since: "2024-01-31")],
      isTable: true)
    let model = try ConditionalVAE(
      schema: data.schema, roles: Roles.named(["any"], schema: data.schema),
      configuration: configuration, acceptsMissing: true, seed: 1)
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
        klWeight: .constant(1), freeBits: 0, likelihood: ["size": .mixture], binarize: false),
      provenance: ModelProvenance(
        dataFingerprint: "", splitSeed: 1, validation: 0, seed: 1, epochs: 0, steps: 0,
        trainingRecords: data.count, precision: .float32, configuration: RunConfiguration()),
      tensors: Dictionary(uniqueKeysWithValues: tensors))
  }
}
