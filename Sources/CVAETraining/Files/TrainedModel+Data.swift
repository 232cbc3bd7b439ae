import CVAEModels
public import ConditionalData
public import RecordTypes
import TensorFiles

extension DataSet {
  /// Reads data for a model: pictures in its size, levels in its order, dates counted as it counts them.
  ///
  /// - Parameter name: A category of which levels that the model doesn't know are kept, after those that it knows.
  /// - Throws: As ``load(_:schemaFile:like:readers:)``, also for a level of another category that the model doesn't
  ///   know.
  public static func load(
    _ path: String, schemaFile: String? = nil, for model: TrainedModel,
    keepingUnknownOf name: String? = nil, readers: [DataReader] = DataReader.builtIn
  ) throws -> DataSet {
    let data = try load(path, schemaFile: schemaFile, like: model.schema, readers: readers)
    do {
      return try data.matchingLevels(of: model.schema, keepingUnknownOf: name)
        .counting(as: model.preprocessing.forms)
    } catch let unknown as UnknownLevel {
      throw unknown.failure(in: data)
    }
  }

  /// Checks that the data have all fields that a model was trained on, but those that are unneeded.
  ///
  /// - Throws: `DataFileFailure` that names those that are absent, those that are there, and similar ones, or one
  ///   without any value.
  public func requireFields(
    of model: TrainedModel, except isUnneeded: (Field) -> Bool = { _ in false }
  ) throws {
    let fields = model.readFields.filter { !isUnneeded($0) }
    if let absent = AbsentColumns(fields, in: self) {
      throw absent.failure(mayBeEmpty: model.model.masksRows)
    }
    guard let empty = fields.first(where: { records[$0.name] == nil }) else { return }
    throw DataFileFailure(
      path: source, expected: "a value of '\(empty.name)', which the model has, in some row",
      actual: "none", advice: "fill a cell of the column")
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
  /// The fields that the networks read or generate.
  package var readFields: [Field] {
    let names = Set(model.inputs.map(\.field.name).map(ByteText.init))
    return schema.fields.filter { names.contains(ByteText($0.name)) }
  }

  /// Columns of the training data that took no part in the training.
  package var unusedColumns: [String] {
    let settings = provenance.configuration
    return preprocessing.leftOut + settings.ignore
      + [settings.training.splitBy, settings.model.group].compactMap { $0 }
  }
}
