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
    var recorded: [(field: Field, column: RecordColumn)] = []
    for field in model.model.givenFields where values[field.name] == nil {
      guard let index = data.schema.position(of: field.name) else { continue }
      let found = data.schema.fields[index].kind
      guard found == field.kind else {
        throw TrainingFailure.fieldDiffers(
          field: field.name, expected: field.kind.summary, actual: found.summary)
      }
      recorded.append((field, data.columns[index].selecting(indices)))
    }
    conditions.set(recorded)
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
    conditions.set(
      model.model.givenFields.filter { values[$0.name] == nil }.compactMap { field in
        own.records[field.name].map { (field, $0.selecting(rows)) }
      })
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
