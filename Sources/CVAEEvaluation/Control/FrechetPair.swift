/// The Fréchet distances of generated and of real pictures to the same real ones.
///
/// Both compare a set of one size with the same others, so that what a small set adds to the distance
/// is in both. Generated pictures have the test records' shares of levels.
struct FrechetPair {
  let generated: Estimate
  let real: Estimate

  /// Scores of real pictures must be in random order, and of four at least.
  init(generated: ClassifierScores, real: ClassifierScores) {
    let balanced = Self.balanced(generated, as: real)
    let count = real.wanted.count
    let held = max(2, min(balanced.count, count / 2))
    let others = real.features(of: held..<count)
    self.generated = FrechetDistance.estimate(
      generated.features(of: Self.spread(balanced, count: held)), others, width: real.width)
    self.real = FrechetDistance.estimate(
      real.features(of: 0..<held), others, width: real.width)
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
