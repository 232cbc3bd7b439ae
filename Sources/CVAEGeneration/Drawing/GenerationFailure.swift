import RecordTypes

/// A model drew values that can't be written.
public struct GenerationFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The field whose values aren't finite.
  public let field: String

  /// One sentence: what came, and what to do.
  public var description: String {
    "field '\(field)': expected finite numbers from the model, got others; set --temperature and "
      + "--control closer to 1, give values nearer to those of the training records, or train again."
  }

  /// Refuses values of a field that are no number or infinite.
  static func check(_ values: some Sequence<Float>, of field: Field) throws(GenerationFailure) {
    for value in values where !value.isFinite { throw GenerationFailure(field: field.name) }
  }
}
