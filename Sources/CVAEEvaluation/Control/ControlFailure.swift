/// Control can't be judged for this model or with these data.
public enum ControlFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The model generates no image.
  case noImage(generated: [String])
  /// The model generates no text.
  case noText(generated: [String])
  /// The model is given no category.
  case noCategory(given: [String])
  /// The named field is no given category.
  case notACategory(field: String, categories: [String])
  /// A split has too few records with a known level.
  case tooFewRecords(split: String, field: String, count: Int, needed: Int)

  /// Whether the model is the reason, so that no other data would help.
  public var isOfTheModel: Bool {
    switch self {
    case .noImage, .noText, .noCategory: true
    case .notACategory, .tooFewRecords: false
    }
  }

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .noImage(let generated):
      "Control is judged on images: expected the model to generate one, got "
        + "\(Self.list(generated)); evaluate with --only bounds."
    case .noText(let generated):
      "Texts are judged where the model generates one: expected a text, got "
        + "\(Self.list(generated)); evaluate with --only bounds."
    case .noCategory(let given):
      "Control is judged on categories: expected the model to be given one, got "
        + "\(Self.list(given)); evaluate with --only bounds."
    case .notACategory(let field, let categories):
      "--control-field: expected a category that the model is given "
        + "(\(Self.list(categories))), got '\(field)'."
    case .tooFewRecords(let split, let field, let count, let needed):
      "Expected at least \(needed) records with a known '\(field)' in the \(split) split to judge "
        + "what is generated, got \(count); use more data, or evaluate with --only bounds."
    }
  }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "nothing" : names.map { "'\($0)'" }.joined(separator: ", ")
  }
}
