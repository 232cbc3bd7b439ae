import CVAEModels
public import CVAETraining
public import ConditionalData
public import RecordTypes

/// Pictures to complete, with what else is known of each.
public struct PartialRecords: Sendable {
  /// One for each record.
  public let pictures: [PartialPicture]
  /// The records' numbers, which address the random numbers: a record of one number gets the same
  /// answers in whatever company.
  public let numbers: [Int32]
  /// The given fields beside the picture.
  public let conditions: Conditions

  /// Joins what is known; all have one entry for each record.
  public init(pictures: [PartialPicture], numbers: [Int32], conditions: Conditions) {
    precondition(
      pictures.count == numbers.count && conditions.count == numbers.count,
      "Pictures, numbers and conditions go together.")
    self.pictures = pictures
    self.numbers = numbers
    self.conditions = conditions
  }

  /// The number of records.
  public var count: Int { pictures.count }
}

/// Completed pictures.
public struct Completion: Sendable {
  /// What was to complete.
  public let records: PartialRecords
  /// Answers for each record.
  public let samples: Int
  /// The answers, `[samples][records]`, each `[height, width, channels]`: known pixels are those that
  /// came, to the byte, others the expected values of an answer.
  public let pictures: [[[UInt8]]]

  /// One record's answers.
  public func answers(_ record: Int) -> [[UInt8]] { pictures.map { $0[record] } }
}

/// A completion that can't be done.
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
    let masked = model.maskedInputs.map(\.field)
    guard masked.count == 1, case .image(let size) = masked[0].kind else {
      throw CompletionFailure.notTrained(masked: roles.masked, given: roles.given)
    }
    return (masked[0], size)
  }
}
