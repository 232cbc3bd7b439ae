import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes

/// Draws rows from a model, as a data set like the real one.
struct SyntheticRows {
  let model: TrainedModel
  let generator: Generator
  /// The real rows.
  let data: DataSet

  /// Rows that are drawn together.
  static let batch = 1024

  /// As many rows as `records`, under the conditions that those have where roles are fixed.
  func like(_ records: [Int32], seed: UInt64) throws -> DataSet {
    try drawn(
      Conditions(records: records, of: data, replacing: [:], model: model), seed: seed)
  }

  /// `count` rows under a request.
  func rows(_ values: [String: GivenValue], count: Int, seed: UInt64) throws -> DataSet {
    try drawn(Conditions(values, count: count, model: model, seed: seed), seed: seed)
  }

  func drawn(
    _ conditions: Conditions, seed: UInt64, sample: Int = 0, leavesHoles: Bool = true
  ) throws -> DataSet {
    let generated = try generator.generate(
      conditions, seed: seed, sample: sample, leavesHoles: leavesHoles)
    let parts = [generated.records, generated.conditions.records]
    var (fields, columns): ([Field], [RecordColumn]) = ([], [])
    for field in data.schema.fields where !field.isImage {
      guard let part = parts.first(where: { $0[field.name] != nil }),
        let column = part[field.name]
      else { continue }
      fields.append(try part.schema.field(field.name))
      columns.append(column)
    }
    return try DataSet(
      schema: RecordSchema(fields: fields), columns: columns, source: "synthetic rows",
      forms: data.forms, isTable: true
    ).withAbsenceAsMissing()
  }
}
