import RecordTypes

/// Statistics of columns of numbers or levels.
extension RecordColumn {
  var holdsLevels: Bool { if case .levels = values { true } else { false } }

  /// The known numbers; none for a category.
  var knownNumbers: [Double] { known(numbers) }

  /// The known levels; none for numbers.
  var knownLevels: [Int32] { known(levels) }

  private func known<Value>(_ values: [Value]) -> [Value] {
    hasMissing ? values.indices.filter { isKnown($0) }.map { values[$0] } : values
  }

  /// The share of missing values.
  var missingShare: Double { Double(incompleteCount) / Double(max(count, 1)) }

  /// How many records have each level of the field; none for numbers.
  func levelCounts(of field: Field) -> [Int] {
    var counts = [Int](repeating: 0, count: field.levels.count)
    for level in knownLevels { counts[Int(level)] += 1 }
    return counts
  }

  /// Mean and variance of the known numbers.
  var moments: Moments { Moments(knownNumbers) }
}

extension [Int32] {
  /// The most frequent level, the first of them if several are equally frequent; nil for none.
  var mostFrequent: Int32? {
    var counts: [Int32: Int] = [:]
    for level in self { counts[level, default: 0] += 1 }
    return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
  }
}
