import CVAETraining
import ConditionalData
import RecordTypes

extension GivenArgument {
  /// The value in a model's terms; dates and times of a table may be written out.
  ///
  /// - Throws: `UnknownName`, `InvalidGiven`.
  func value(for model: TrainedModel) throws -> GivenValue {
    guard let form = model.preprocessing.forms[fieldName], GivenValue(word: text) == nil else {
      return try value(in: model.schema)
    }
    let example = form.text(model.preprocessing.scales[fieldName]?.minimum[0] ?? 0)
    switch form {
    case .decimals: return try value(in: model.schema)
    case .spelled:
      return try number("a number such as \(example)") { form.number(spelled: $0) ?? Double($0) }
    case .days, .seconds:
      return try number("a date such as \(example)") { form.number(spelled: $0) }
    }
  }
}
