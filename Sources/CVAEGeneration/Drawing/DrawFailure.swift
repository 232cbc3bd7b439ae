import CVAEModels
import CVAETraining

/// A request that can't be drawn.
public enum DrawFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is not one style for each record.
  case styles(expected: Int, actual: Int)
  /// There is not one number for each record.
  case numbers(expected: Int, actual: Int)
  /// The temperature is negative, or not finite in float32.
  case temperature(Double)

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .styles(let expected, let actual):
      "expected \(expected) numbers of styles, as many as records times latent dimensions, got "
        + "\(actual); give each record a style."
    case .numbers(let expected, let actual):
      "expected \(expected) record numbers, one for each record, got \(actual); give each record one."
    case .temperature(let value):
      "expected a temperature from 0 to \(Float.greatestFiniteMagnitude), got \(value); use 1 to draw from "
        + "the prior."
    }
  }
}

extension DrawRequest {
  /// - Throws: ``DrawFailure``.
  func check(_ model: TrainedModel) throws {
    let count = conditions.count
    let numbersOfStyle = count * model.model.configuration.latent
    if let styles, styles.count != numbersOfStyle {
      throw DrawFailure.styles(expected: numbersOfStyle, actual: styles.count)
    }
    if let numbers, numbers.count != count {
      throw DrawFailure.numbers(expected: count, actual: numbers.count)
    }
    guard Float(temperature).isFinite, temperature >= 0 else {
      throw DrawFailure.temperature(temperature)
    }
    if styles != nil { try conditions.requireKnown(model) }
  }
}
