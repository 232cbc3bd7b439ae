/// Mean, spread and range of numbers that come one by one.
///
/// - Source: Welford, *Note on a Method for Calculating Corrected Sums of Squares and Products*, 1962.
struct StreamedMoments {
  /// Numbers are divided by it, so that sums of those near the greatest stay finite.
  private let unit: Double
  private var count = 0.0
  private var scaledMean = 0.0
  private var squares = 0.0
  private(set) var minimum = Double.infinity
  private(set) var maximum = -Double.infinity

  /// - Parameter largest: An absolute value that no number exceeds.
  init(largest: Double) { unit = max(largest, .leastNormalMagnitude) }

  var isConstant: Bool { minimum == maximum }

  var mean: Double { scaledMean * unit }

  /// The population standard deviation; 1 where the numbers never vary.
  var deviation: Double {
    isConstant || squares == 0 ? 1 : (squares / count).squareRoot() * unit
  }

  mutating func add(_ number: Double) {
    count += 1
    let scaled = number / unit
    let step = scaled - scaledMean
    scaledMean += step / count
    squares += step * (scaled - scaledMean)
    minimum = min(minimum, number)
    maximum = max(maximum, number)
  }
}
