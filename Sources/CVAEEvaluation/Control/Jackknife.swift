/// Standard errors of statistics that are no means.
enum Jackknife {
  /// √((n − 1)/n · Σ (θᵢ − mean)²), where θᵢ is the statistic without part i of n; nil for one part.
  ///
  /// - Source: Efron and Stein, *The Jackknife Estimate of Variance*, 1981.
  static func standardError(_ withoutEach: [Double]) -> Double? {
    guard withoutEach.count >= 2 else { return nil }
    let count = Double(withoutEach.count)
    let mean = withoutEach.reduce(0, +) / count
    let squares = withoutEach.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return ((count - 1) / count * squares).squareRoot()
  }
}
