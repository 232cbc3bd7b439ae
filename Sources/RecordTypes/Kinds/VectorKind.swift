/// A fixed count of real numbers.
///
/// As JSON, `{"count":3,"kind":"vector"}`.
public struct VectorKind: FieldContent {
  public static let name = "vector"
  /// The numbers of a record.
  public let count: Int

  /// Vectors of `count` numbers.
  public init(count: Int) { self.count = count }

  public var summary: String { "a vector of \(count) numbers" }
  public var storage: ColumnStorage { .numbers }
  public var shape: [Int] { [count] }

  public func check(field: String) throws(InvalidRecords) {
    try check(extents: [count], field: field)
  }
}
