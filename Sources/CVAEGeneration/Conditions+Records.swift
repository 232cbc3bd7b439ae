import CVAEModels
public import CVAETraining
public import ConditionalData
public import RecordTypes

extension Conditions {
  /// The given fields of some records of a data set; `replacing` sets fields of all of them instead.
  ///
  /// What the data lack is "any".
  ///
  /// - Throws: what `TrainingFailure` says of a field of another kind.
  public init(
    records: [Int32], of data: DataSet, replacing values: [String: GivenValue],
    model: TrainedModel
  ) throws {
    let same = try Conditions(values, count: records.count, model: model)
    var columns = same.columns
    for input in model.model.givenInputs {
      let (name, kind) = (input.field.name, input.field.kind)
      guard values[name] == nil,
        let index = data.schema.fields.firstIndex(where: { $0.name == name })
      else { continue }
      guard data.schema.fields[index].kind == kind else {
        throw TrainingFailure.fieldDiffers(
          field: name, expected: kind.summary, actual: data.schema.fields[index].kind.summary)
      }
      columns[name] = Self.column(data.columns[index], records: records)
    }
    self.init(count: records.count, columns: columns)
  }

  private static func column(_ column: ConditionalData.Column, records: [Int32]) -> Column {
    switch column {
    case .levels(let levels): .levels(records.map { levels[Int($0)] })
    case .reals(let numbers, let width):
      .reals(records.flatMap { Array(numbers[Int($0) * width..<(Int($0) + 1) * width]) })
    case .bytes(let bytes, let width):
      .reals(
        records.flatMap { record in
          bytes[Int(record) * width..<(Int(record) + 1) * width].map { Float($0) / 255 }
        })
    }
  }
}
