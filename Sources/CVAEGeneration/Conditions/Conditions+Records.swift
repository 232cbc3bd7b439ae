import CVAEModels
public import CVAETraining
public import ConditionalData
public import RecordTypes

extension Conditions {
  /// The given fields of some records of a data set; `replacing` sets fields of all of them instead.
  ///
  /// A value that the data lack is "any".
  ///
  /// - Throws: what `TrainingFailure` says of a field of another kind, ``TransferFailure`` for a record that
  ///   the data don't have.
  public init(
    records: [Int32], of data: DataSet, replacing values: [String: GivenValue],
    model: TrainedModel
  ) throws {
    try data.check(records)
    var conditions = try Conditions(values, count: records.count, model: model)
    let indices = records.map { Int($0) }
    for field in model.model.givenFields where values[field.name] == nil {
      guard let index = data.schema.fields.firstIndex(where: { $0.name == field.name }) else {
        continue
      }
      let found = data.schema.fields[index].kind
      guard found == field.kind else {
        throw TrainingFailure.fieldDiffers(
          field: field.name, expected: field.kind.summary, actual: found.summary)
      }
      conditions.set(field, to: data.columns[index].selecting(indices))
    }
    self = conditions
  }

  /// One record's condition with some fields replaced, for `count` records.
  ///
  /// - Parameters:
  ///   - own: Conditions of several records.
  ///   - row: Which of them.
  ///   - values: The fields that are replaced.
  /// - Throws: ``UnknownName``, ``MisplacedCondition`` for a field that isn't given.
  public init(
    _ own: Conditions, row: Int, replacing values: [String: GivenValue], count: Int,
    model: TrainedModel
  ) throws {
    guard row >= 0, row < own.count else {
      throw TransferFailure.noSuchRecord(row, count: own.count, source: "conditions")
    }
    var conditions = try Conditions(values, count: count, model: model)
    let rows = [Int](repeating: row, count: max(0, count))
    for field in model.model.givenFields where values[field.name] == nil {
      guard let column = own.records[field.name] else { continue }
      conditions.set(field, to: column.selecting(rows))
    }
    self = conditions
  }

  /// Checks that no field is unknown that the model needs.
  ///
  /// - Throws: ``TransferFailure/cannotBeUnknown(field:)``.
  func requireKnown(_ model: TrainedModel) throws {
    guard !model.model.acceptsMissing else { return }
    for (field, column) in zip(records.schema.fields, records.columns) where column.hasMissing {
      throw TransferFailure.cannotBeUnknown(field: field.name)
    }
  }
}
