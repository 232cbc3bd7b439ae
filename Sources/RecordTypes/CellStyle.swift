/// How a table writes the cells of a field, beside what its kind and its ``NumberForm`` say of them.
///
/// As JSON, `{"missing":["-"],"areTexts":true}`.
public struct CellStyle: Codable, Hashable, Sendable {
  /// Texts that stand for a missing value, besides those that do so in every table.
  public var missing: [String]
  /// Whether JSON has texts in quotes, even for numbers; nil where that follows from the values.
  public var areTexts: Bool?

  /// The style of a column of which nothing is said.
  public init(missing: [String] = [], areTexts: Bool? = nil) {
    self.missing = missing
    self.areTexts = areTexts
  }
}
