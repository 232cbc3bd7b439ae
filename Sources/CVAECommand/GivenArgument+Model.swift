import CVAETraining
import ConditionalData
import RecordTypes

extension GivenArgument {
  /// The value in a model's terms; dates and times of a table may be written out.
  ///
  /// - Throws: `UnknownName`, `InvalidGiven`.
  func value(for model: TrainedModel) throws -> GivenValue {
    guard let form = model.preprocessing.forms[fieldName], text != "any" else {
      return try value(in: model.schema)
    }
    if case .decimals = form { return try value(in: model.schema) }
    return try number("a date such as \(form.text(0))") { form.number(ofTime: $0) }
  }
}
