/// A classifier's results for rows.
struct ClassifierScores: Sendable {
  /// The likeliest level of each row.
  let predicted: [Int32]
  /// The level that each row has, or that was requested.
  let wanted: [Int32]
  /// `[rows, width]`; empty for a classifier without layers.
  let features: [Float]
  /// Numbers in a row of features.
  let width: Int
  /// `[rows, levels]`; empty where they are not known.
  let logits: [Float]

  /// The share of rows whose likeliest level is theirs.
  var accuracy: Estimate { Self.share(zip(predicted, wanted).map { $0 == $1 }) }

  /// The same over rows of one level; nil where there is none.
  func accuracy(of level: Int32) -> Estimate? {
    let hits = zip(predicted, wanted).filter { $0.1 == level }.map { $0.0 == level }
    return hits.isEmpty ? nil : Self.share(hits)
  }

  /// Some rows' features, one after another.
  func features(of rows: some Sequence<Int>) -> [Float] {
    rows.flatMap { features[$0 * width..<($0 + 1) * width] }
  }

  /// The rows that have a level, or for which it was requested.
  func rows(of level: Int32) -> [Int] { wanted.indices.filter { wanted[$0] == level } }

  /// A share of yes and no, with its standard error.
  static func share(_ hits: some Sequence<Bool>) -> Estimate {
    Moments(hits.map { $0 ? 1 : 0 }).estimate
  }
}
