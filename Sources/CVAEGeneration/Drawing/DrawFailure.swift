import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes

/// A request that can't be drawn.
public enum DrawFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is not one style for each record.
  case styles(expected: Int, actual: Int)
  /// There is not one restriction of texts for each record.
  case restrictions(expected: Int, actual: Int)
  /// There is not one number for each record.
  case numbers(expected: Int, actual: Int)
  /// The temperature is negative, or not finite in float32.
  case temperature(Double)
  /// A given text is unknown, and the model has not learned what to do without it.
  case text(field: String)

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .styles(let expected, let actual):
      "expected \(expected) numbers of styles, as many as records times latent dimensions, got "
        + "\(actual); give each record a style."
    case .restrictions(let expected, let actual):
      "expected \(expected) restrictions of texts, one for each record, got \(actual); use nil where nothing "
        + "is asked."
    case .numbers(let expected, let actual):
      "expected \(expected) record numbers, one for each record, got \(actual); give each record one."
    case .temperature(let value):
      "expected a temperature from 0 to \(Float.greatestFiniteMagnitude), got \(value); use 1 to draw from "
        + "the prior."
    case .text(let field):
      "expected a value of '\(field)' for each record, a text that is given to this model, got none; give one with "
        + "--given '\(field)=…', or one for each record with --given-from FILE."
    }
  }
}

/// A restriction of what isn't a generated text.
public struct MisplacedRestriction: Error, Equatable, Sendable, CustomStringConvertible {
  /// The field.
  public let field: String
  /// The texts that the model generates.
  public let texts: [String]
  /// Whether its texts are given.
  public var isGiven = false

  /// One sentence a user can act on.
  public var description: String {
    if isGiven {
      return
        "The texts of '\(field)' are given whole, so nothing can be asked of them; leave one of the two out."
    }
    let known = texts.map { "'\($0)'" }.joined(separator: ", ")
    return "'\(field)' is no text that this model generates"
      + (texts.isEmpty ? "; it generates none." : "; these are: \(known).")
  }
}

extension DrawRequest {
  /// - Throws: ``DrawFailure``.
  func check(_ model: TrainedModel) throws {
    let count = conditions.count
    let numbersOfStyle = count * model.model.styleCount
    if let styles, styles.count != numbersOfStyle {
      throw DrawFailure.styles(expected: numbersOfStyle, actual: styles.count)
    }
    if let numbers, numbers.count != count {
      throw DrawFailure.numbers(expected: count, actual: numbers.count)
    }
    for value in [temperature, detailTemperature ?? 0] {
      guard Float(value).isFinite, value >= 0 else { throw DrawFailure.temperature(value) }
    }
    for input in model.model.givenInputs where input.isText && !input.acceptsMissing {
      guard let column = conditions.records[input.name], !column.hasMissing else {
        throw DrawFailure.text(field: input.name)
      }
    }
    if styles != nil { try conditions.requireKnown(model) }
    for (name, restrictions) in texts { try check(restrictions, of: name, model) }
  }

  /// - Throws: `MisplacedRestriction`, `InvalidGiven` where no text is as restricted.
  private func check(
    _ restrictions: TextRestrictions, of name: String, _ model: TrainedModel
  ) throws {
    guard let field = model.model.generatedFields.first(where: { $0.name == name && $0.isText })
    else {
      throw MisplacedRestriction(
        field: name, texts: model.model.generatedFields.filter(\.isText).map(\.name))
    }
    if case .each(let own) = restrictions, own.count != conditions.count {
      throw DrawFailure.restrictions(expected: conditions.count, actual: own.count)
    }
    if let column = conditions.records[name],
      (0..<column.count).contains(where: { column.isKnown($0) && restrictions[$0] != nil })
    {
      throw MisplacedRestriction(field: name, texts: [], isGiven: true)
    }
    // Those of single records are checked when their texts are drawn.
    guard case .all(let restriction) = restrictions else { return }
    _ = try TextRules(field, model).rule(restriction)
  }
}
