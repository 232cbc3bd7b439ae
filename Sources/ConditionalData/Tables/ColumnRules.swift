package import RecordTypes

/// One column decides another, or two decide a third: records with the same values of the first have the same value of
/// the last, exactly or nearly.
package struct ColumnRule: Hashable, Sendable {
  /// The positions of the columns that decide: one or two.
  package let deciders: [Int]
  /// The position of the column that is decided.
  package let decided: Int

  /// All positions, the decided one last.
  package var places: [Int] { deciders + [decided] }
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
      case .bytes, .intensities, .texts: return nil
      }
      known = codes.count { $0 >= 0 }
      guard count >= 2, count * ColumnRules.leastRecords <= known else { return nil }
    }

    /// The pairs of values of two columns that occur. Nil where they are too many for their records.
    fileprivate init?(_ first: Codes, _ second: Codes) {
      let size = first.count * second.count
      guard size <= ColumnRules.mostPairs else { return nil }
      var numbers = [Int32](repeating: -1, count: size)
      var next: Int32 = 0
      var known = 0
      var codes = [Int32](repeating: -1, count: first.codes.count)
      for row in codes.indices where first.codes[row] >= 0 && second.codes[row] >= 0 {
        let pair = Int(first.codes[row]) * second.count + Int(second.codes[row])
        if numbers[pair] < 0 {
          numbers[pair] = next
          next += 1
        }
        codes[row] = numbers[pair]
        known += 1
      }
      guard Int(next) * ColumnRules.leastRecords <= known else { return nil }
      self.codes = codes
      count = Int(next)
    }
  }

  /// The most values of a column that takes part.
  static let mostValues = 2000
  /// How many records a value has on average at least.
  static let leastRecords = 20
  /// How many records a table has at least in which a rule can be found: a column has at least two values.
  package static let leastOfTable = 2 * leastRecords
  /// The largest share of records that break a rule.
  private static let exceptions = 0.01
  /// The largest share of what guessing the most frequent value would miss.
  private static let ofGuessing = 0.05
  /// The most rules that are kept.
  private static let mostRules = 200
  /// The most pairs of values of both columns.
  fileprivate static let mostPairs = 2_000_000
  /// The most columns among which two are looked for that decide a third: so many have 100,000 triples.
  private static let mostColumnsOfTriples = 60

  /// The rules among columns; nil stands for one that takes no part. Of two columns that decide each other, the
  /// first one counts as the decider; two decide a third only where neither does alone.
  package static func find(_ columns: [Codes?]) -> [ColumnRule] {
    var rules: [ColumnRule] = []
    for (first, decider) in columns.enumerated() {
      guard let decider else { continue }
      for (second, decided) in columns.enumerated() where second != first {
        guard let decided, decider.count * decided.count <= mostPairs,
          !rules.contains(ColumnRule(deciders: [second], decided: first)),
          seemsDecided(decider, decided), decides(decider, decided)
        else { continue }
        rules.append(ColumnRule(deciders: [first], decided: second))
        if rules.count == mostRules { return rules }
      }
    }
    let known = columns.enumerated().compactMap { place, codes in codes.map { (place, $0) } }
    guard known.count <= mostColumnsOfTriples else { return rules }
    return rules + triples(known, besides: rules)
  }

  /// Rules of two deciders. What either of them decides alone is left out, and so are two of which one decides the
  /// other: they say no more than one.
  private static func triples(
    _ columns: [(place: Int, codes: Codes)], besides pairs: [ColumnRule]
  ) -> [ColumnRule] {
    var rules: [ColumnRule] = []
    let decided = Set(pairs.map(\.places))
    func isPair(_ first: Int, _ second: Int) -> Bool {
      decided.contains([first, second]) || decided.contains([second, first])
    }
    for (index, first) in columns.enumerated() {
      for second in columns[(index + 1)...] where !isPair(first.place, second.place) {
        guard let joint = Codes(first.codes, second.codes) else { continue }
        for third in columns where third.place != first.place && third.place != second.place {
          guard !isPair(first.place, third.place), !isPair(second.place, third.place),
            joint.count * third.codes.count <= mostPairs,
            !rules.contains(where: { Set($0.places) == [first.place, second.place, third.place] }),
            seemsDecided(joint, third.codes),
            decides(joint, third.codes, [first.codes, second.codes])
          else { continue }
          rules.append(
            ColumnRule(deciders: [first.place, second.place], decided: third.place))
          if pairs.count + rules.count == mostRules { return rules }
        }
      }
    }
    return rules
  }

  /// Whether at most ``exceptions`` of the records differ from the most frequent one of their decider's value, and few
  /// of those that a simpler guess would miss: the most frequent value, or what either of two deciders says alone.
  private static func decides(
    _ decider: Codes, _ decided: Codes, _ alone: [Codes] = []
  ) -> Bool {
    let known = decider.codes.count { $0 >= 0 }
    let wrong = misses(decider, decided)
    let others = alone.map { misses($0, decided) }.min() ?? misses(nil, decided, where: decider)
    return others >= leastRecords && Double(wrong) <= exceptions * Double(known)
      && Double(wrong) <= ofGuessing * Double(others)
  }

  /// How many records differ from the most frequent value among those with the same value of a decider.
  private static func misses(
    _ decider: Codes?, _ decided: Codes, where known: Codes? = nil
  ) -> Int {
    // No value counts as one more.
    let width = decided.count + 1
    var counts = [Int32](repeating: 0, count: (decider?.count ?? 1) * width)
    var total = 0
    let sources = (decider ?? known)?.codes ?? []
    for (from, to) in zip(sources, decided.codes) where from >= 0 {
      counts[(decider == nil ? 0 : Int(from)) * width + Int(to) + 1] += 1
      total += 1
    }
    return stride(from: 0, to: counts.count, by: width).reduce(total) { rest, row in
      rest - Int(counts[row..<row + width].max() ?? 0)
    }
  }

  /// Whether few records of a sample differ from the first of their value: what ends soon for nearly all columns.
  private static func seemsDecided(_ decider: Codes, _ decided: Codes) -> Bool {
    // A value's first record may be an exception itself.
    var first = [Int32](repeating: -2, count: decider.count)
    var different = 0
    let step = max(1, decider.codes.count / (5000 + 10 * decider.count))
    let most = decider.codes.count / step / 5
    for row in stride(from: 0, to: decider.codes.count, by: step) {
      let (from, to) = (decider.codes[row], decided.codes[row])
      if from < 0 { continue }
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
    for place in Set(rules.flatMap(\.places)).sorted() {
      let field = fields[place]
      guard field.kind == .number, requests.request(field.name)?.kind == nil else { continue }
      fields[place] = field.having(
        FieldKind(DiscreteKind(values: columns[place].distinctNumbers)))
    }
  }
}
