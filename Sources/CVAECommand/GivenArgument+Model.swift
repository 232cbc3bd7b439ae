import CVAETraining
import ConditionalData
import RecordTypes

extension GivenArgument {
  /// The value in a model's terms; dates and times of a table may be written out, a date alone stands
  /// for all times of that day, and a range may lack an end.
  ///
  /// - Throws: `UnknownName`, `InvalidGiven`.
  func value(for model: TrainedModel) throws -> GivenValue {
    guard let field = try? model.schema.field(fieldName), field.isNumber,
      GivenValue(word: text, of: field) == nil
    else { return try value(in: model.schema) }
    let scale = model.preprocessing.scales[fieldName]
    let ends = scale.map { $0.minimum[0]...$0.maximum[0] }
    func read(
      _ expected: String = "a finite number", last: (String) -> Double? = { _ in nil },
      _ parse: (String) -> Double?
    ) throws -> GivenValue {
      try number(expected, ends: ends, mayBeMissing: field.mayBeMissing, last: last, parse)
    }
    guard let form = model.preprocessing.forms[fieldName] else { return try read { Double($0) } }
    let example = form.text(scale?.minimum[0] ?? 0)
    switch form {
    case .decimals: return try read { Double($0) }
    case .spelled:
      return try read("a number such as \(example)") { form.number(spelled: $0) ?? Double($0) }
    case .days, .seconds:
      return try read("a date such as \(example)", last: form.last(spelled:)) {
        form.number(spelled: $0)
      }
    }
  }
}
