import ConditionalData
import RecordTypes

/// Finds data that can't be trained on, before anything is written.
struct TrainingCheck {
  let data: DataSet
  let roles: Roles
  /// The training split.
  let records: [Int32]

  /// Whether "any" occurs among the given fields' values.
  var givenFieldsMissValues: Bool {
    zip(data.schema.fields, data.columns).contains { field, column in
      roles.given.contains(field.name) && column.missing != nil
    }
  }

  /// - Throws: ``TrainingFailure``.
  func run() throws {
    guard records.count >= 2 else {
      throw TrainingFailure.tooFewRecords(training: records.count, all: data.count)
    }
    for (field, column) in zip(data.schema.fields, data.columns)
    where roles.given.contains(field.name) {
      try checkLevels(of: field, column)
    }
  }

  private func checkLevels(of field: Field, _ column: Column) throws {
    guard case .levels(let levels) = column else { return }
    var first: Int32?
    for record in records where levels[Int(record)] >= 0 {
      guard let first else {
        first = levels[Int(record)]
        continue
      }
      if levels[Int(record)] != first { return }
    }
    throw TrainingFailure.singleLevel(
      field: field.name, level: first.map { field.levels[Int($0)] })
  }
}
