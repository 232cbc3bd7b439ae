/// One real number.
///
/// As JSON, `{"kind":"number"}`.
public struct NumberKind: FieldContent {
  public static let name = "number"

  /// A number.
  public init() {}

  public var summary: String { "a number" }
  public var storage: ColumnStorage { .numbers }
}
