import ConditionalData

/// Some of the records of a request, to be drawn at a time.
public struct RecordBlock: Sendable {
  /// The conditions of these records.
  public let conditions: Conditions
  /// The number of the first of them in the request.
  public let first: Int
  /// The rows of a file beside which they are written.
  let beside: RowsBeside?

  /// Records under `conditions`, the first of which has the number `first`.
  public init(_ conditions: Conditions, first: Int) { self.init(conditions, first: first, nil) }

  init(_ conditions: Conditions, first: Int, _ beside: RowsBeside?) {
    self.conditions = conditions
    self.first = first
    self.beside = beside
  }

  /// The line of the file that a record stands beside; nil where there is none.
  public func line(of record: Int) -> Int? { beside?.line(of: record) }

  /// The texts of a record's cells in the file, one for each of its columns: nil where a value is missing.
  public func texts(of record: Int) -> [String?] {
    guard let beside else { return [] }
    return beside.names.indices.map { beside.text(record, $0) }
  }
}
