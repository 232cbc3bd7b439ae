import CVAEGeneration
import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes

extension TextEvaluation {
  /// The conditions of records: what is given, or where any field may be given, all but texts.
  func conditions(of records: [Int32]) throws -> Conditions {
    guard model.model.masksRows else {
      return try Conditions(records: records, of: data, replacing: [:], model: model)
    }
    let fields = model.conditionFields
    let rows = records.map { Int($0) }
    let columns = fields.map { field -> RecordColumn in
      guard !field.isText, let column = data.records[field.name] else {
        return .missing(field, count: rows.count)
      }
      return column.selecting(rows)
    }
    return Conditions(
      Records(trusting: RecordSchema(trusting: fields), columns, count: rows.count))
  }

  /// The field's texts.
  ///
  /// - Parameters:
  ///   - styles: `[count, latent]`; nil for those that are drawn at `temperature`.
  ///   - asked: What is asked of texts.
  func draw(
    _ conditions: Conditions, _ tokens: TokenChoice = TokenChoice(), styles: [Float]? = nil,
    temperature: Double = 1, asked: [String: TextRestrictions] = [:]
  ) throws -> [String] {
    var request = DrawRequest(conditions, seed: model.seed)
    request.tokens = tokens
    request.styles = styles
    request.temperature = temperature
    request.allowsMissing = false
    request.texts = asked
    guard let column = try generator.draw(request)[0].records[field.name] else {
      preconditionFailure("'\(field.name)' is generated.")
    }
    return (0..<conditions.count).map { column.text($0) ?? "" }
  }

  /// As a beam search finds them.
  static var mostProbable: TokenChoice {
    var choice = TokenChoice()
    choice.beams = TokenChoice.usualBeams
    return choice
  }

  /// The styles of records, and the conditions under which they were read.
  func styles(of records: [Int32]) throws -> (styles: [Float], conditions: Conditions) {
    let inputs = try TransferInputs(data, records: records, from: [:], model: model)
    let posterior = try StyleReader(model, executor: evaluator.executor).styles(of: inputs)
    let conditions =
      model.model.masksRows
      ? try Conditions([:], count: records.count, model: model) : inputs.conditions
    return (posterior.styles(seed: nil), conditions)
  }
}
