/// How the numbers of a field are spread over the training records, one entry for each component.
public struct FieldScale: Codable, Hashable, Sendable {
  /// The mean.
  public let mean: [Double]
  /// The population standard deviation; 1 for a component that never varies.
  public let standardDeviation: [Double]
  /// The least number seen.
  public let minimum: [Double]
  /// The greatest number seen.
  public let maximum: [Double]

  /// Known figures; each list has an entry for each component.
  public init(
    mean: [Double], standardDeviation: [Double], minimum: [Double], maximum: [Double]
  ) {
    self.mean = mean
    self.standardDeviation = standardDeviation
    self.minimum = minimum
    self.maximum = maximum
  }

  /// `(value − mean) / standard deviation`, within ±``farthest``.
  func standardised(_ value: Double, component: Int) -> Float {
    let standard = (value - mean[component]) / standardDeviation[component]
    return Float(min(max(standard, -Self.farthest), Self.farthest))
  }

  /// What networks see of numbers that lie further from the mean, in standard deviations.
  static let farthest = 1e6

  /// The inverse of standardising.
  func original(_ value: Float, component: Int) -> Double {
    Double(value) * standardDeviation[component] + mean[component]
  }
}
