/// Records that can't be classified.
public enum ClassificationFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The field is no category.
  case noCategory(field: String, kind: String)
  /// The model has learned nothing of the field.
  case unused(field: String)

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .noCategory(let field, let kind):
      "--field: expected a category, got '\(field)', \(kind); name a category."
    case .unused(let field):
      "--field: expected a category that the model has learned, got '\(field)', which took no part in its "
        + "training; name another, or train again without ignoring it."
    }
  }
}
