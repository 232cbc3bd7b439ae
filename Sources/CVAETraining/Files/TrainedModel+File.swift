import CVAEModels
import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph

extension TrainedModel {
  /// The keys of ``metadata()``.
  static let metadataKeys = ["schema", "preprocessing", "architecture", "objective", "provenance"]

  /// The JSON texts of the header, with sorted keys.
  func metadata() throws -> [String: String] {
    let architecture = ModelArchitecture(
      given: roles.givenNames, model: model.configuration, acceptsMissing: model.acceptsMissing)
    return [
      "schema": try JSONText.string(schema),
      "preprocessing": try JSONText.string(preprocessing),
      "architecture": try JSONText.string(architecture),
      "objective": try JSONText.string(objective),
      "provenance": try JSONText.string(provenance),
    ]
  }

  /// Writes a model file, whole or not at all; equal models give equal bytes.
  public func save(to path: String) throws {
    try SafetensorsFile(metadata: metadata(), tensors: tensors).write(to: path)
  }

  /// Reads a run directory's model, or a model file.
  ///
  /// - Throws: ``ModelFileFailure`` for a file that is no model, was written by a newer version, or
  ///   lacks a tensor; ``FileFailure``.
  public static func load(_ path: String) throws -> TrainedModel {
    let file = try modelFile(at: path)
    return try TrainedModel(SafetensorsFile.read(file), path: file)
  }

  /// The model in a checked file; a checkpoint's optimiser state is passed over.
  init(_ file: SafetensorsFile, path: String) throws {
    try Self.checkFormat(file, path)
    let header = ModelHeader(metadata: file.metadata, path: path)
    let architecture = try header.read(ModelArchitecture.self, "architecture")
    let schema = try header.read(RecordSchema.self, "schema")
    let provenance = try header.read(ModelProvenance.self, "provenance")
    if let mistake = provenance.mistake {
      throw header.mismatch(mistake.key, of: "provenance", mistake.expected, mistake.actual)
    }
    let model: ConditionalVAE
    do {
      let roles = try Roles.named(architecture.given, schema: schema)
      model = try ConditionalVAE(
        schema: schema, roles: roles, configuration: architecture.model,
        acceptsMissing: architecture.acceptsMissing, seed: provenance.seed)
    } catch {
      throw header.mismatch("architecture", error)
    }
    let isCheckpoint = file.metadata[Checkpoint.stateKey] != nil
    let tensors =
      isCheckpoint
      ? file.tensors.filter { name, _ in
        !name.hasPrefix(Checkpoint.optimizerPrefix) && !name.hasPrefix(Checkpoint.averagesPrefix)
      } : file.tensors
    try Self.check(tensors, of: model.store, path)
    var preprocessing = try header.read(Preprocessing.self, "preprocessing")
    if architecture.formatVersion == 1 { preprocessing = preprocessing.adapted(to: schema) }
    do {
      try preprocessing.validate(schema: schema)
    } catch let failure as PreprocessingFailure {
      throw header.mismatch(failure.key, of: "preprocessing", failure.expected, failure.actual)
    }
    self.init(
      model: model, preprocessing: preprocessing,
      objective: try header.read(ModelObjective.self, "objective"), provenance: provenance,
      tensors: tensors, path: path, formatVersion: architecture.formatVersion)
  }

  static func modelFile(at path: String) throws -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw FileFailure(path: path, action: "open", code: ENOENT)
    }
    guard isFolder.boolValue else {
      try MistakenModel.check(file: path)
      return path
    }
    let run = RunDirectory(path)
    if FileManager.default.fileExists(atPath: run.modelPath) { return run.modelPath }
    guard FileManager.default.fileExists(atPath: run.checkpointPath) else {
      throw MistakenModel.failure(folder: path)
    }
    throw ModelFileFailure(
      path: path, expected: "a run directory with \(RunDirectory.modelName)",
      actual: "a run that has finished no epoch", advice: "continue the run with --resume")
  }

  private struct Format: Decodable {
    let formatVersion: Int
  }

  private static func checkFormat(_ file: SafetensorsFile, _ path: String) throws {
    let header = ModelHeader(metadata: file.metadata, path: path)
    let version = try header.read(Format.self, "architecture").formatVersion
    guard version > ModelArchitecture.currentFormat else { return }
    throw ModelFileFailure(
      path: path, expected: "format \(ModelArchitecture.currentFormat) or older",
      actual: "format \(version), which was written by a newer version",
      advice: "update swift-cvae")
  }

  private static func check(
    _ tensors: [String: StoredTensor], of store: ParameterStore, _ path: String
  ) throws {
    let advice = "the file is damaged or was changed; take another copy or train again"
    for parameter in store.parameters {
      _ = try tensors.named(parameter.name, shape: parameter.shape, path: path, advice: advice)
    }
    let known = Set(store.parameters.map(\.name))
    if let extra = tensors.keys.filter({ !known.contains($0) }).min() {
      throw ModelFileFailure(
        path: path, expected: "the \(known.count) tensors of the model",
        actual: "also '\(extra)' of shape \(tensors[extra]?.shape ?? [])", advice: advice)
    }
  }
}

extension [String: StoredTensor] {
  /// The tensor of that name, checked for its shape.
  ///
  /// - Throws: ``ModelFileFailure``.
  func named(
    _ name: String, shape: Shape, path: String, advice: String
  ) throws -> StoredTensor {
    if let tensor = self[name], tensor.shape == shape.dimensions { return tensor }
    throw ModelFileFailure(
      path: path, expected: "tensor '\(name)' of shape \(shape)",
      actual: self[name].map { "shape \($0.shape)" } ?? "no such tensor", advice: advice)
  }
}

/// The texts of a model file's header.
struct ModelHeader {
  let metadata: [String: String]
  let path: String

  /// Reads one of them.
  ///
  /// - Throws: ``ModelFileFailure`` where it is absent or holds something else.
  func read<Value: Decodable>(_ type: Value.Type, _ key: String) throws -> Value {
    guard let text = metadata[key] else {
      throw ModelFileFailure(
        path: path, expected: "a model of swift-cvae, with '\(key)' in its header",
        actual: metadata.isEmpty
          ? "a header without texts" : "only '\(metadata.keys.sorted().joined(separator: "', '"))'",
        advice: "name what 'cvae train' wrote to its --output")
    }
    do {
      return try JSONText.decode(type, from: text)
    } catch {
      throw mismatch(key, error)
    }
  }

  /// A value in one of the texts is impossible.
  func mismatch(
    _ key: String, of text: String, _ expected: String, _ actual: String
  ) -> ModelFileFailure {
    ModelFileFailure(
      path: path, expected: "'\(text).\(key)' in the header to be \(expected)", actual: actual,
      advice: "the file is damaged or was changed; take another copy or train again")
  }

  /// One of the texts can't be read.
  func mismatch(_ key: String, _ error: any Error) -> ModelFileFailure {
    var reason =
      (error as? DecodingError).map { DecodingMistake($0).sentence(got: nil) } ?? "\(error)"
    if reason.hasSuffix(".") { reason.removeLast() }
    return ModelFileFailure(
      path: path, expected: "'\(key)' in the header as this version writes it",
      actual: "something else (\(reason))",
      advice: "update swift-cvae, or take another copy of the file")
  }
}
