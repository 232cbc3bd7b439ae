import ConditionalData
import RecordTypes

/// Finds data that can't be trained on, before anything is written.
struct TrainingCheck {
  let data: DataSet
  let roles: Roles
  /// The training split.
  let records: [Int32]

  /// Whether a given field has missing values, which are read as "any".
  var givenFieldsMissValues: Bool {
    data.schema.fields.contains { roles.isGiven($0.name) && data.hasMissing($0.name) }
  }

  /// - Throws: ``TrainingFailure``.
  func run() throws {
    guard records.count >= 2 else {
      throw TrainingFailure.tooFewRecords(training: records.count, all: data.count)
    }
    for (field, column) in zip(data.schema.fields, data.columns)
    where roles.isGiven(field.name) {
      try checkLevels(of: field, column)
    }
  }

  private func checkLevels(of field: Field, _ column: RecordColumn) throws {
    guard field.isCategory else { return }
    var first: Int32?
    for record in records {
      guard let level = column.level(Int(record)) else { continue }
      if let first, level != first { return }
      first = level
    }
    throw TrainingFailure.singleLevel(
      field: field.name, level: first.map { field.levels[Int($0)] })
  }
}
