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
    let records = try generator.generate(
      conditions, seed: seed, sample: sample, leavesHoles: leavesHoles)
    var fields: [Field] = []
    var columns: [Column] = []
    for field in data.schema.fields {
      guard let column = column(field, records) else { continue }
      fields.append(field)
      columns.append(column)
    }
    return try DataSet(
      schema: RecordSchema(fields: fields), columns: columns, source: "synthetic rows",
      forms: data.forms, isTable: true)
  }

  private func column(_ field: Field, _ records: GeneratedRecords) -> Column? {
    let absent = Int32(field.levels.count)
    if let own = records.columns.first(where: { $0.field.name == field.name }) {
      switch own.values {
      case .levels(let levels): return .levels(levels.map { $0 >= absent ? -1 : $0 })
      case .reals(let numbers): return .reals(numbers, width: field.width)
      case .pixels: return nil
      }
    }
    switch records.conditions.columns[field.name] {
    case .levels(let levels): return .levels(levels.map { $0 >= absent ? -1 : $0 })
    case .reals(let numbers): return .reals(numbers, width: field.width)
    case nil: return nil
    }
  }
}
