import RecordTypes

/// The values that the cells of a column become: all at once, or some rows at a time from where the cells are kept.
package struct CellValues {
  private enum Source {
    case column(RecordColumn)
    /// Numbers from an origin, NaN where missing, behind rows that all lack one.
    case numbers(CellSpool<Double>, origin: Double, missingBefore: Int)
    /// Codes, the level of each, and rows that lack a level nevertheless, rising.
    case levels(CellSpool<Int32>, order: [Int32?], missing: [Int])
  }

  private let source: Source

  init(_ column: RecordColumn) { source = .column(column) }

  init(_ numbers: CellSpool<Double>, origin: Double = 0, missingBefore: Int = 0) {
    source = .numbers(numbers, origin: origin, missingBefore: missingBefore)
  }

  init(_ codes: CellSpool<Int32>, order: [Int32?], missing: [Int]) {
    source = .levels(codes, order: order, missing: missing)
  }

  /// The same with other indices of levels.
  ///
  /// - Parameter places: The new index of each level.
  func moving(levelsTo places: [Int32]) -> CellValues {
    guard case .levels(let codes, let order, let missing) = source else { return self }
    return CellValues(
      codes, order: order.map { $0.map { places[Int($0)] } }, missing: missing)
  }

  /// The number of rows.
  var count: Int {
    switch source {
    case .column(let column): column.count
    case .numbers(let numbers, _, let missing): missing + numbers.count
    case .levels(let codes, _, _): codes.count
    }
  }

  /// The values of all rows.
  ///
  /// - Throws: `FileFailure`.
  var column: RecordColumn { get throws { try column(0..<count) } }

  /// The values of some rows.
  ///
  /// - Throws: `FileFailure`.
  func column(_ rows: Range<Int>) throws -> RecordColumn {
    switch source {
    case .column(let column):
      return rows == 0..<column.count ? column : column.selecting(Array(rows))
    case .numbers(let spool, let origin, let missing):
      let lacking = rows.clamped(to: 0..<missing).count
      let known = max(0, rows.lowerBound - missing)..<max(0, rows.upperBound - missing)
      var numbers = try spool.values(known)
      if origin != 0 { numbers = numbers.map { $0 - origin } }
      return .numbers([Double](repeating: .nan, count: lacking) + numbers)
    case .levels(let spool, let order, let missing):
      var levels = try spool.values(rows).map { $0 < 0 ? nil : order[Int($0)] }
      for row in missing where rows.contains(row) { levels[row - rows.lowerBound] = nil }
      return .levels(levels)
    }
  }

  /// Passes the values of so many rows at a time to `body`.
  ///
  /// - Throws: `FileFailure`, what `body` throws.
  func forEachPart(
    of size: Int = 1 << 14, _ body: (RecordColumn, Range<Int>) throws -> Void
  ) throws {
    for start in stride(from: 0, to: count, by: size) {
      let rows = start..<min(start + size, count)
      try body(column(rows), rows)
    }
  }

  /// The different numbers, rising; nil for more than `most`, and where they are no numbers.
  ///
  /// - Throws: `FileFailure`.
  func distinctNumbers(atMost most: Int) throws -> [Double]? {
    var values: Set<Double> = []
    var isOver = false
    try forEachPart { column, _ in
      if isOver { return }
      for (record, number) in column.numbers.enumerated() where column.isKnown(record) {
        values.insert(number)
      }
      isOver = values.count > most
    }
    return isOver ? nil : values.sorted()
  }
}
