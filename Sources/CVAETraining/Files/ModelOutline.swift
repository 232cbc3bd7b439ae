public import RecordTypes
import TensorFiles

/// What the header of a model file says about its fields; no tensor is read for it.
public struct ModelOutline: Sendable {
  /// The fields of the model's records.
  public let schema: RecordSchema
  /// Which of them are given, and which are generated.
  public let roles: Roles
  /// Whether a given field may be unknown.
  public let acceptsMissing: Bool

  /// Reads the header of a run directory's model, or of a model file.
  ///
  /// - Throws: ``ModelFileFailure`` for a file that is no model, `FileFailure`.
  public static func load(_ path: String) throws -> ModelOutline {
    let file = try TrainedModel.modelFile(at: path)
    let header = ModelHeader(metadata: try SafetensorsFile.metadata(of: file), path: file)
    let architecture = try header.read(ModelArchitecture.self, "architecture")
    let schema = try header.read(RecordSchema.self, "schema")
    return ModelOutline(
      schema: schema, roles: try Roles.named(architecture.given, schema: schema),
      acceptsMissing: architecture.acceptsMissing)
  }

  /// The fields that `--given` may name, in the order of the schema.
  public var conditionFields: [Field] {
    schema.fields.filter { field in
      let isGiven = roles.isGiven(field.name)
      let isMasked = roles.isMasked(field.name) && !field.kind.content.isMaskedByCell
      return isGiven || isMasked
    }
  }

  /// Whether a field may be set to `any`.
  public func mayBeUnknown(_ field: Field) -> Bool {
    acceptsMissing || roles.isMasked(field.name)
  }
}
