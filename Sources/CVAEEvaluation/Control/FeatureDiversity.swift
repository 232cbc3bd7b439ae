/// How much generated pictures of a level differ from each other, beside real ones: the ratio of
/// their mean pairwise distances. 1 is as varied as the data, 0 one picture again and again.
enum FeatureDiversity {
  /// The mean Euclidean distance of two different rows, with the jackknife's standard error; nil for
  /// fewer than two rows.
  ///
  /// - Shapes: `rows` `[count, width]`.
  /// - Source: Efron and Stein, *The Jackknife Estimate of Variance*, 1981.
  static func pairwiseDistance(_ rows: [Float], width: Int) -> Estimate? {
    let count = rows.count / width
    guard count >= 2 else { return nil }
    // Each row's distances to all others.
    var sums = [Double](repeating: 0, count: count)
    rows.withUnsafeBufferPointer { rows in
      for first in 0..<count {
        for second in first + 1..<count {
          var total: Float = 0
          for column in 0..<width {
            let difference = rows[first * width + column] - rows[second * width + column]
            total += difference * difference
          }
          let distance = Double(total).squareRoot()
          sums[first] += distance
          sums[second] += distance
        }
      }
    }
    let total = sums.reduce(0, +) / 2
    let mean = total / Double(count * (count - 1) / 2)
    guard count >= 3 else { return Estimate(mean: mean, standardError: nil) }
    let pairs = Double((count - 1) * (count - 2) / 2)
    return Estimate(
      mean: mean, standardError: Jackknife.standardError(sums.map { (total - $0) / pairs }))
  }

  /// Generated over real. The two are independent, so that their relative errors add in squares;
  /// nil where the real ones don't differ.
  static func ratio(_ generated: Estimate, over real: Estimate) -> Estimate? {
    guard real.mean > 0 else { return nil }
    let ratio = generated.mean / real.mean
    guard let own = generated.standardError, let other = real.standardError else {
      return Estimate(mean: ratio, standardError: nil)
    }
    let error = (own * own + ratio * ratio * other * other).squareRoot() / real.mean
    return Estimate(mean: ratio, standardError: error)
  }

  /// The mean of independent estimates; nil for none.
  static func mean(_ estimates: [Estimate]) -> Estimate? {
    guard !estimates.isEmpty else { return nil }
    let count = Double(estimates.count)
    let errors = estimates.compactMap(\.standardError)
    let squares = errors.reduce(0) { $0 + $1 * $1 }
    return Estimate(
      mean: estimates.reduce(0) { $0 + $1.mean } / count,
      standardError: errors.count == estimates.count ? squares.squareRoot() / count : nil)
  }

  /// At most this many real pictures of a level are compared with each other.
  static let mostReal = 500

  /// The ratio of one level.
  static func ratio(
    of level: Int32, generated: ClassifierScores, real: ClassifierScores
  ) -> Estimate? {
    let own = generated.features(of: generated.rows(of: level).prefix(mostReal))
    let other = real.features(of: real.rows(of: level).prefix(mostReal))
    guard let generatedDistance = pairwiseDistance(own, width: generated.width),
      let realDistance = pairwiseDistance(other, width: real.width)
    else { return nil }
    return ratio(generatedDistance, over: realDistance)
  }
}
