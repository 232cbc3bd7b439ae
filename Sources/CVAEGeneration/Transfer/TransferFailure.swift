import RecordTypes

/// Records whose style can't be carried over.
public enum TransferFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// No record was chosen.
  case noInput(source: String)
  /// A record that the data don't have.
  case noSuchRecord(Int, count: Int, source: String)
  /// The inputs' own condition is not known.
  case unknownCondition(field: String, source: String)
  /// A field is unknown, and the model has no embedding for that.
  case cannotBeUnknown(field: String)
  /// A field is set to all its levels where one is needed.
  case notOneValue(field: String)
  /// The model generates something else than one image.
  case noPictures(generated: [String])
  /// A field that the model generates is set.
  case lacksField(String, source: String)

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .noInput(let source):
      "\(source): expected at least one record to take the style from, got none; choose others."
    case .noSuchRecord(let record, let count, let source):
      "\(source): expected records from 0 to \(count - 1), got \(record); choose another."
    case .unknownCondition(let field, let source):
      "\(source): expected the value of '\(field)' under which the input stands, got none; name it "
        + "with --from \(field)=VALUE."
    case .cannotBeUnknown(let field):
      "'\(field)' is unknown, and the model was trained without unknown conditions; name its value, "
        + "or train with training.conditionDropout above 0."
    case .notOneValue(let field):
      "--from: expected one value of '\(field)', got '*'; name a level."
    case .noPictures(let generated):
      "a picture file can't be transferred by a model that generates "
        + generated.map { "'\($0)'" }.joined(separator: ", ")
        + "; name a data set, or use a model of one image."
    case .lacksField(let field, let source):
      "\(source): expected field '\(field)', which the model has seen, got none; name data that "
        + "have it."
    }
  }
}
