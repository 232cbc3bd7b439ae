import RecordTypes

/// How far the distributions of two columns' known values lie apart: 0 for the same, 1 for disjoint.
enum ColumnDistance {
  /// The Kolmogorov-Smirnov statistic of numbers, the total variation of levels.
  ///
  /// 1 where only one of the two has known values, 0 where none has.
  static func between(
    _ first: RecordColumn, _ second: RecordColumn, of field: Field
  ) -> Double {
    field.isCategory
      ? totalVariation(first.levelCounts(of: field), second.levelCounts(of: field))
      : kolmogorovSmirnov(first.knownNumbers, second.knownNumbers)
  }

  /// The mean over all columns of two tables with the same fields; 0 for none.
  static func mean(_ first: Records, _ second: Records) -> Double {
    let distances = first.schema.fields.enumerated().map { index, field in
      between(first.columns[index], second.columns[index], of: field)
    }
    return distances.reduce(0, +) / Double(max(distances.count, 1))
  }

  /// sup |F₁(x) − F₂(x)| over all x, F the share of numbers that are at most x.
  static func kolmogorovSmirnov(_ first: [Double], _ second: [Double]) -> Double {
    guard !first.isEmpty, !second.isEmpty else { return first.isEmpty == second.isEmpty ? 0 : 1 }
    let (first, second) = (first.sorted(), second.sorted())
    var (i, j) = (0, 0)
    var largest = 0.0
    while i < first.count, j < second.count {
      let value = min(first[i], second[j])
      while i < first.count, first[i] <= value { i += 1 }
      while j < second.count, second[j] <= value { j += 1 }
      let difference = Double(i) / Double(first.count) - Double(j) / Double(second.count)
      largest = max(largest, abs(difference))
    }
    return largest
  }

  /// ½ Σ |p₁ − p₂| over the levels, p a level's share of the known values.
  static func totalVariation(_ first: [Int], _ second: [Int]) -> Double {
    let (all, others) = (first.reduce(0, +), second.reduce(0, +))
    guard all > 0, others > 0 else { return all == others ? 0 : 1 }
    let sum = zip(first, second).reduce(0) { sum, pair in
      sum + abs(Double(pair.0) / Double(all) - Double(pair.1) / Double(others))
    }
    return sum / 2
  }
}
