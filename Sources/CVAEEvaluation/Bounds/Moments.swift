/// Mean and variance of numbers, updated with each number.
///
/// - Source: Welford, *Note on a Method for Calculating Corrected Sums of Squares and Products*,
///   1962.
struct Moments {
  private(set) var count = 0
  private(set) var mean = 0.0
  private var squares = 0.0

  init(_ numbers: some Sequence<Double> = []) {
    for number in numbers { add(number) }
  }

  mutating func add(_ x: Double) {
    count += 1
    let distance = x - mean
    mean += distance / Double(count)
    squares += distance * (x - mean)
  }

  /// With the number of values as divisor.
  var populationVariance: Double { count > 0 ? squares / Double(count) : 0 }

  /// The mean, with √(s²/n) as its standard error.
  var estimate: Estimate {
    let error = count > 1 ? (squares / Double(count - 1) / Double(count)).squareRoot() : nil
    return Estimate(mean: mean, standardError: error)
  }
}

/// A mean over records, with a standard error that allows for dependence within groups of records.
///
/// SE² = G/(G − 1) · Σ_g (n_g (mean_g − mean))² / N², over G groups of n_g of the N records; with a
/// record in each it is s²/n.
///
/// - Source: Cameron and Miller, *A Practitioner's Guide to Cluster-Robust Inference*, 2015, for a
///   regression on a constant.
struct ClusteredMean {
  private var whole = Moments()
  private var clusters: [Moments]

  /// - Parameter clusters: The number of groups; nil where every record is its own.
  init(clusters: Int?) {
    self.clusters = Array(repeating: Moments(), count: clusters ?? 0)
  }

  /// Adds a record's number, and the group that it belongs to where there are groups.
  mutating func add(_ x: Double, cluster: Int?) {
    whole.add(x)
    if let cluster { clusters[cluster].add(x) }
  }

  var count: Int { whole.count }

  /// The mean and its standard error; none for a single group.
  var estimate: Estimate {
    let own = clusters.filter { $0.count > 0 }
    if own.isEmpty { return whole.estimate }
    guard own.count > 1 else { return Estimate(mean: whole.mean, standardError: nil) }
    let sum = own.reduce(0.0) { sum, group in
      let excess = Double(group.count) * (group.mean - whole.mean)
      return sum + excess * excess
    }
    let correction = Double(own.count) / Double(own.count - 1)
    return Estimate(
      mean: whole.mean, standardError: (correction * sum).squareRoot() / Double(whole.count))
  }
}
