/// The Fréchet distances of generated and of real pictures to the same real ones.
///
/// Both compare a set of the same size with the same other pictures, so that the bias of a small set is
/// equal in both. All sets have the test records' shares of levels.
struct FrechetPair {
  let generated: Estimate
  let real: Estimate

  /// Scores of real pictures must be in random order, and of four at least.
  init(generated: ClassifierScores, real: ClassifierScores) {
    let balanced = Self.balanced(generated, as: real)
    let count = Double(real.wanted.count)
    let (held, rest) = Self.divided(real, share: min(0.5, Double(balanced.count) / count))
    let others = real.features(of: rest)
    self.generated = FrechetDistance.estimate(
      generated.features(of: Self.spread(balanced, count: held.count)), others, width: real.width)
    self.real = FrechetDistance.estimate(
      real.features(of: held), others, width: real.width)
  }

  /// A share of the rows of each level, and all other rows.
  static func divided(_ real: ClassifierScores, share: Double) -> (held: [Int], others: [Int]) {
    var (held, others): ([Int], [Int]) = ([], [])
    for level in Set(real.wanted).sorted() {
      let rows = real.rows(of: level)
      let count = Int((share * Double(rows.count)).rounded())
      held += rows.prefix(count)
      others += rows.dropFirst(count)
    }
    return (held, others)
  }

  /// Rows of generated pictures, as many of each level as its share in the real ones allows.
  static func balanced(_ generated: ClassifierScores, as real: ClassifierScores) -> [Int] {
    let levels = Set(generated.wanted).sorted()
    let rows = levels.map { generated.rows(of: $0) }
    let wanted = levels.map { Double(real.rows(of: $0).count) }
    // The largest total of which each level has enough.
    let scale = zip(rows, wanted).reduce(Double.infinity) { least, pair in
      pair.1 > 0 ? min(least, Double(pair.0.count) / pair.1) : least
    }
    guard scale.isFinite else { return Array(generated.wanted.indices) }
    return zip(rows, wanted).flatMap { rows, wanted in
      rows.prefix(Int((wanted * scale).rounded()))
    }
  }

  /// `count` of the rows at equal distances, all where there are fewer.
  private static func spread(_ rows: [Int], count: Int) -> [Int] {
    guard rows.count > count else { return rows }
    return (0..<count).map { rows[$0 * rows.count / count] }
  }
}
