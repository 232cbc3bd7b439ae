import RecordTypes

/// A list of records on the command line, such as `3,17,20-25`.
enum RecordList {
  private static let most = 100_000

  /// The records in the order in which they are named.
  ///
  /// - Throws: ``InvalidGiven`` for anything else, and for too many records.
  static func parse(_ text: String) throws -> [Int32] {
    var records: [Int32] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int32($0) }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
        first >= 0, first <= last
      else {
        throw InvalidGiven(
          place: "--records", expected: "numbers and ranges such as 3,17,20-25",
          actual: "'\(text)'")
      }
      guard Int(last) - Int(first) + records.count < most else {
        throw InvalidGiven(
          place: "--records", expected: "at most \(most) records", actual: "more")
      }
      records += Array(first...last)
    }
    return records
  }
}
