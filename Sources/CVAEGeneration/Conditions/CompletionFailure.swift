import CVAEModels
public import CVAETraining
public import RecordTypes

/// Records can't be completed.
public enum CompletionFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The model was trained with fixed roles, or on several images.
  case notTrained(masked: [String], given: [String])

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .notTrained(let masked, let given) where masked.isEmpty:
      "Expected a model that was trained with --given any, got one with the given "
        + "\(given.count == 1 ? "field" : "fields") "
        + "\(given.map { "'\($0)'" }.joined(separator: ", ")); train one with "
        + "'cvae train DATA --given any'."
    case .notTrained(let masked, _):
      "Expected a model of one image to complete, got \(masked.count) "
        + "(\(masked.joined(separator: ", "))); train one with --ignore for the others."
    }
  }
}

extension TrainedModel {
  /// The image whose pixels can be given one by one.
  ///
  /// - Throws: ``CompletionFailure`` where there is none, or more than one.
  public func completedField() throws -> (field: Field, size: ImageSize) {
    let masked = model.generatedFields.filter { roles.isMasked($0.name) }
    guard masked.count == 1, let size = masked[0].imageSize else {
      throw CompletionFailure.notTrained(masked: roles.masked, given: roles.given)
    }
    return (masked[0], size)
  }
}

extension Conditions {
  /// The same conditions with one more field given for all records, whole or in part.
  ///
  /// - Parameter column: As many records as there are conditions.
  /// - Throws: ``InvalidRecords`` for a column that doesn't fit.
  public func giving(_ field: Field, _ column: RecordColumn) throws -> Conditions {
    let own = try Records(schema: RecordSchema(fields: [field]), columns: [column])
    guard own.count == count else {
      throw InvalidRecords(
        expected: "\(count) records in field '\(field.name)', one for each condition",
        actual: "\(own.count)", advice: "give every field the same number of records")
    }
    var conditions = self
    conditions.set(field, to: column)
    return conditions
  }
}
