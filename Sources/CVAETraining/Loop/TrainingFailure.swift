import ConditionalData
public import RecordTypes

/// Data and settings don't go together.
public enum TrainingFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// No field is given.
  case noGivenField(known: [String])
  /// A given field isn't there.
  case unknownGiven(field: String, known: [String])
  /// A field that is named is a column that became no field, and why.
  case columnLeftOut(column: String, source: String, reason: String?)
  /// `any` was given together with fields.
  case anyBesideOthers([String])
  /// Masks were set for roles that are fixed.
  case unusedMasks(given: [String])
  /// A mask of pixels was set for rows.
  case masksOfPictures(mask: MaskKind)
  /// The data set, or its training split, is too small to train on.
  case tooFewRecords(training: Int, all: Int)
  /// A given category has the same level in every record.
  case singleLevel(field: String, level: String?)
  /// Values that are needed are missing.
  case missingValues(field: String, missing: Int, records: Int, isGiven: Bool)
  /// The data's field isn't the model's.
  case fieldDiffers(field: String, expected: String, actual: String)
  /// The data changed since the run began.
  case dataChanged(source: String, expected: String, actual: String)
  /// The levels of a field have other names than when the run began.
  case levelsChanged(field: String, expected: [String], actual: [String])
  /// The levels that records are split by have other names than when the run began.
  case splitChanged(field: String)
  /// A setting contradicts the run that is resumed.
  case settingChanged(key: String, saved: String?, asked: String?)

  /// One sentence: what was expected, what came, what to do.
  public var description: String {
    switch self {
    case .noGivenField(let known):
      "expected at least one given field, got none; name it with --given, or with 'given' in the "
        + "configuration (the data have \(known.joined(separator: ", ")))."
    case .unknownGiven(let name, let known):
      UnknownName(kind: "field", name: name, known: known).description.dropLast()
        + "; or 'any', with which any field can be given later."
    case .columnLeftOut(let column, let source, let reason):
      "\(source): column '\(column)' is left out, as \(reason ?? "schema.yaml ignores it"), so it can't be "
        + "named; name another, or say in schema.yaml what it is."
    case .anyBesideOthers(let others):
      "'any' lets any field be given later and stands alone, got also "
        + "\(others.isEmpty ? "'any'" : NameList.text(others.map { "'\($0)'" })); "
        + "leave 'any' out to give only these, or give 'any' alone."
    case .unusedMasks(let given):
      "training.masks hides pixels under 'given: any', got given "
        + "\(given.joined(separator: ", ")); leave out training.masks, or train with --given any."
    case .masksOfPictures(let mask):
      "training.masks: expected 'few', 'scattered', 'sparse' or 'none' for data without images, got "
        + "'\(mask.rawValue)'; leave training.masks out."
    case .tooFewRecords(let training, let all):
      "expected at least 2 records to train on, got \(training) of the data's \(all); add records, "
        + "or lower training.validation."
    case .singleLevel(let field, let level?):
      "every record has \(field) '\(level)'; a condition needs at least two levels, so give "
        + "another field or add records with other levels."
    case .singleLevel(let field, nil):
      "no record of the training split has a \(field); a condition needs at least two levels, so "
        + "give another field."
    case .missingValues(let field, let missing, let records, isGiven: false):
      "field '\(field)' is generated, and \(missing) of \(records) records lack it, but the model was "
        + "trained on records that all had it; remove these records, or train on data like these."
    case .missingValues(let field, let missing, let records, isGiven: true):
      "field '\(field)' is given, and \(missing) of \(records) records lack it, but the model was "
        + "trained without missing values; remove these records, or train with "
        + "training.conditionDropout above 0."
    case .fieldDiffers(let field, let expected, let actual):
      "field '\(field)': the model expects \(expected), but the data have \(actual); name the data "
        + "that the model was trained for."
    case .dataChanged(let source, let expected, let actual):
      "\(source): the run was started on data with the fingerprint \(expected), but these have "
        + "\(actual); resume with the data it was started on, or start a new run."
    case .levelsChanged(let field, let expected, let actual):
      "field '\(field)': the run was started with the levels \(NameList.levels(expected)), "
        + "but the data have \(NameList.levels(actual)); resume with the schema.yaml it was "
        + "started with, or start a new run."
    case .splitChanged(let field):
      "field '\(field)': the run was split by levels with other names than the data have; resume with "
        + "the schema.yaml it was started with, or start a new run."
    case .settingChanged(let key, let saved, let asked):
      "--resume keeps the run's settings: \(key) is \(saved ?? "not set") there, but "
        + "\(asked ?? "no value") was requested; leave that setting out, or start a new run."
    }
  }
}
