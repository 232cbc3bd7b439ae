/// Rows that can't be compared.
public enum FidelityFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The fewest rows that a part needs.
  public static let fewestRows = 10

  /// The real rows have no number and no category.
  case noColumns(source: String)
  /// The synthetic rows lack a column of the real ones.
  case missingColumn(String, source: String)
  /// A column is a number in one place and a category in the other.
  case kindDiffers(column: String, expected: String, actual: String, source: String)
  /// A part has too few rows.
  case tooFewRows(part: String, count: Int)
  /// There is no such column to predict.
  case unknownTarget(String, columns: [String])
  /// The column to predict has no two different known values in some part.
  case constantTarget(String, part: String)

  /// One sentence a user can act on.
  public var description: String {
    switch self {
    case .noColumns(let source):
      "\(source): expected a number or a category to compare, got neither; fidelity is measured on "
        + "tables."
    case .missingColumn(let column, let source):
      "\(source): expected a column '\(column)' as in the real rows, got none; generate it, or "
        + "ignore it in the real rows."
    case .kindDiffers(let column, let expected, let actual, let source):
      "\(source): expected \(expected) in column '\(column)' as in the real rows, got \(actual)."
    case .tooFewRows(let part, let count):
      "Expected at least \(Self.fewestRows) \(part) rows, got \(count); use more."
    case .unknownTarget(let target, let columns):
      "Expected a number or category to predict "
        + "(\(columns.map { "'\($0)'" }.joined(separator: ", "))), got '\(target)'."
    case .constantTarget(let target, let part):
      "Expected '\(target)', which is to be predicted, to differ among the \(part) rows, got one "
        + "value at most; choose another column."
    }
  }
}
