import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes

extension DataSet {
  /// - Throws: ``TransferFailure`` for a record that the data don't have.
  func check(_ records: [Int32]) throws {
    for record in records where record < 0 || record >= count {
      throw TransferFailure.noSuchRecord(Int(record), count: count, source: source)
    }
  }

  /// Some records with the model's fields except the named ones, and with the model's levels; nil where that
  /// leaves no field.
  func selecting(
    _ records: [Int32], without named: Set<String>, model: TrainedModel
  ) throws -> DataSet? {
    let wanted = Set(model.model.inputs.map(\.field.name)).subtracting(named)
    let indices = schema.fields.indices.filter { wanted.contains(schema.fields[$0].name) }
    guard !indices.isEmpty else { return nil }
    return try DataSet(
      schema: RecordSchema(trusting: indices.map { schema.fields[$0] }),
      columns: indices.map { columns[$0].selecting(records.map { Int($0) }) }, source: source
    ).matchingLevels(of: model.schema)
  }
}
