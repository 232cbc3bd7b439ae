package import RecordTypes

/// One column decides another: records with the same value of the first have the same value of the second, exactly
/// or nearly.
package struct ColumnRule: Hashable, Sendable {
  /// The position of the column that decides.
  package let decider: Int
  /// The position of the column that is decided.
  package let decided: Int
}

/// Finds columns that decide others.
package enum ColumnRules {
  /// A column whose values are numbered.
  package struct Codes {
    /// Each record's value, -1 for none.
    let codes: [Int32]
    /// How many values there are.
    let count: Int

    /// Nil for a column with too many values for its records, or without two.
    package init?(_ column: RecordColumn, records: [Int32]? = nil) {
      guard column.width == 1 else { return nil }
      let rows = records ?? (0..<Int32(column.count)).map { $0 }
      var known = 0
      switch column.values {
      case .levels(let levels):
        codes = rows.map { column.isKnown(Int($0)) ? levels[Int($0)] : -1 }
        count = Int((codes.max() ?? -1) + 1)
      case .numbers(let numbers):
        var places: [Double: Int32] = [:]
        var codes: [Int32] = []
        for row in rows {
          guard column.isKnown(Int(row)) else {
            codes.append(-1)
            continue
          }
          let next = Int32(places.count)
          codes.append(places[numbers[Int(row)], default: next])
          if codes.last == next { places[numbers[Int(row)]] = next }
          if places.count > ColumnRules.mostValues { return nil }
        }
        self.codes = codes
        count = places.count
      case .bytes, .intensities: return nil
      }
      known = codes.count { $0 >= 0 }
      guard count >= 2, count * ColumnRules.leastRecords <= known else { return nil }
    }
  }

  /// The most values of a column that takes part.
  static let mostValues = 2000
  /// How many records a value has on average at least.
  static let leastRecords = 20
  /// The largest share of records that break a rule.
  private static let exceptions = 0.01
  /// The largest share of what guessing the most frequent value would miss.
  private static let ofGuessing = 0.05
  /// The most rules that are kept.
  private static let mostRules = 200
  /// The most pairs of values of both columns.
  private static let mostPairs = 2_000_000

  /// The rules among columns; nil stands for one that takes no part. Of two columns that decide each other, the
  /// first one counts as the decider.
  package static func find(_ columns: [Codes?]) -> [ColumnRule] {
    var rules: [ColumnRule] = []
    for (first, decider) in columns.enumerated() {
      guard let decider else { continue }
      for (second, decided) in columns.enumerated() where second != first {
        guard let decided, decider.count * decided.count <= mostPairs,
          !rules.contains(ColumnRule(decider: second, decided: first)),
          decides(decider, decided)
        else { continue }
        rules.append(ColumnRule(decider: first, decided: second))
        if rules.count == mostRules { return rules }
      }
    }
    return rules
  }

  private static func decides(_ decider: Codes, _ decided: Codes) -> Bool {
    guard seemsDecided(decider, decided) else { return false }
    // No value counts as one more.
    let width = decided.count + 1
    var pairs = [Int32](repeating: 0, count: decider.count * width)
    var known = 0
    for (from, to) in zip(decider.codes, decided.codes) where from >= 0 {
      pairs[Int(from) * width + Int(to) + 1] += 1
      known += 1
    }
    var (right, totals) = (0, [Int](repeating: 0, count: width))
    for row in stride(from: 0, to: pairs.count, by: width) {
      var most: Int32 = 0
      for column in 0..<width {
        most = max(most, pairs[row + column])
        totals[column] += Int(pairs[row + column])
      }
      right += Int(most)
    }
    let others = known - (totals.max() ?? 0)
    let wrong = known - right
    return others >= leastRecords && Double(wrong) <= exceptions * Double(known)
      && Double(wrong) <= ofGuessing * Double(others)
  }

  /// Whether few records differ from the first of their value: what ends soon for nearly all pairs of columns.
  private static func seemsDecided(_ decider: Codes, _ decided: Codes) -> Bool {
    // A value's first record may be an exception itself.
    let most = decider.codes.count / 5
    var first = [Int32](repeating: -2, count: decider.count)
    var different = 0
    for (from, to) in zip(decider.codes, decided.codes) where from >= 0 {
      if first[Int(from)] == -2 {
        first[Int(from)] = to
      } else if first[Int(from)] != to {
        different += 1
        if different > most { return false }
      }
    }
    return true
  }
}

extension DataTable {
  /// Makes numbers that decide other columns, or are decided by them, numbers out of few: a network then learns each
  /// of them by itself, as it learns levels.
  mutating func findCodes(_ requests: FieldRequests) {
    let rules = ColumnRules.find(columns.map { ColumnRules.Codes($0) })
    for place in Set(rules.flatMap { [$0.decider, $0.decided] }).sorted() {
      let field = fields[place]
      guard field.kind == .number, requests.request(field.name)?.kind == nil else { continue }
      fields[place] = Field(
        name: field.name, kind: FieldKind(DiscreteKind(values: columns[place].distinctNumbers)),
        mayBeMissing: field.mayBeMissing)
    }
  }
}
