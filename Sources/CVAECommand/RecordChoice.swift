import ArgumentParser

/// Records by number, as `--records 3,17,40-49` names them.
struct RecordChoice {
  let numbers: [Int32]

  /// - Throws: `ValidationError` for what is no list of numbers and ranges.
  init(_ text: String) throws {
    numbers = try text.split(separator: ",", omittingEmptySubsequences: false).flatMap { part in
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int32($0) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
        first <= last, last - first < 1_000_000
      else {
        throw ValidationError(
          "--records expects numbers and ranges, such as 3,17,40-49, not '\(text)'.")
      }
      return Array(first...last)
    }
  }

  /// The numbers, checked against data of `count` records.
  ///
  /// - Throws: ``InvalidRequest``.
  func check(count: Int) throws -> [Int32] {
    if let beyond = numbers.first(where: { $0 < 0 || $0 >= count }) {
      throw InvalidRequest(
        "--records: expected numbers from 0 to \(count - 1), got \(beyond); the data have no more.")
    }
    return numbers
  }
}
