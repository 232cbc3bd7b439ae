import CVAEModels
public import ConditionalData
import RecordTypes

extension DataSet {
  /// Reads data for a model: pictures in its size, levels in its order, dates counted as it counts them.
  ///
  /// - Parameter name: A category of which levels that the model doesn't know are kept, after those that it knows.
  /// - Throws: As ``load(_:schemaFile:like:readers:)``, and ``UnknownName`` for a level of another category that
  ///   the model doesn't know.
  public static func load(
    _ path: String, schemaFile: String? = nil, for model: TrainedModel,
    keepingUnknownOf name: String? = nil, readers: [DataReader] = DataReader.builtIn
  ) throws -> DataSet {
    try load(path, schemaFile: schemaFile, like: model.schema, readers: readers)
      .matchingLevels(of: model.schema, keepingUnknownOf: name)
      .counting(as: model.preprocessing.forms)
  }
}

extension PartialTable {
  /// Reads a table for a model; columns that took no part in its training stay as they are.
  ///
  /// - Throws: As ``init(_:fields:forms:others:)``.
  public init(_ path: String, model: TrainedModel) throws {
    try self.init(
      path, fields: model.schema.fields, forms: model.preprocessing.forms,
      others: Set(model.unusedColumns))
  }
}

extension TrainedModel {
  /// Columns of the training data that took no part in the training.
  package var unusedColumns: [String] {
    let settings = provenance.configuration
    return preprocessing.leftOut + settings.ignore
      + [settings.training.splitBy, settings.model.group].compactMap { $0 }
  }
}
