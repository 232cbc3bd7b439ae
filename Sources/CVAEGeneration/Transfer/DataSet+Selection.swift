import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes

extension Column {
  var hasMissing: Bool {
    switch self {
    case .bytes: false
    case .levels(let levels): levels.contains { $0 < 0 }
    case .reals(let numbers, _): numbers.contains(where: \.isNaN)
    }
  }

  var condition: Conditions.Column {
    switch self {
    case .bytes(let bytes, _): .reals(bytes.map { Float($0) / 255 })
    case .levels(let levels): .levels(levels)
    case .reals(let numbers, _): .reals(numbers)
    }
  }
}

extension DataSet {
  /// Some records, with those of the model's fields that aren't named, levels as the model has them;
  /// nil where that leaves no field.
  func selecting(
    _ records: [Int32], without named: Set<String>, model: TrainedModel
  ) throws -> DataSet? {
    let wanted = Set(model.model.inputs.map(\.field.name)).subtracting(named)
    let indices = schema.fields.indices.filter { wanted.contains(schema.fields[$0].name) }
    guard !indices.isEmpty else { return nil }
    return try DataSet(
      schema: RecordSchema(fields: indices.map { schema.fields[$0] }),
      columns: indices.map { columns[$0].selecting(records) }, source: source
    ).matchingLevels(of: model.schema)
  }
}

extension Column {
  /// The values of some records.
  func selecting(_ records: [Int32]) -> Column {
    func rows<Values: RandomAccessCollection>(_ values: Values, _ width: Int) -> [Values.Element]
    where Values.Index == Int {
      records.flatMap { values[Int($0) * width..<(Int($0) + 1) * width] }
    }
    return switch self {
    case .bytes(let bytes, let width): .bytes(rows(bytes, width), width: width)
    case .levels(let levels): .levels(rows(levels, 1))
    case .reals(let numbers, let width): .reals(rows(numbers, width), width: width)
    }
  }
}
