import RecordTypes
import TensorFiles

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

  /// How far from the mean a number can lie as networks see it, in standard deviations.
  static let farthest = 1e6

  /// The inverse of standardising.
  func original(_ value: Float, component: Int) -> Double {
    Double(value) * standardDeviation[component] + mean[component]
  }
}

extension FieldScale {
  /// Measures the known numbers of each component.
  ///
  /// - Throws: `DataFileFailure` for a component without any, and where no component varies.
  init(_ training: TrainingColumn, _ components: [[Double]]) throws {
    let name = training.field.name
    let moments = try components.enumerated().map { component, numbers in
      guard let moments = Moments(numbers) else {
        throw training.missing(components.count == 1 ? name : "\(name)[\(component)]")
      }
      return moments
    }
    guard moments.contains(where: { !$0.isConstant }) else {
      throw Self.constant(
        name, moments[0].minimum, isOfSeveral: components.count > 1, path: training.source)
    }
    self.init(
      mean: moments.map(\.mean), standardDeviation: moments.map(\.deviation),
      minimum: moments.map(\.minimum), maximum: moments.map(\.maximum))
  }
}

extension FieldScale {
  /// No component varies.
  static func constant(
    _ name: String, _ number: Double, isOfSeveral: Bool = false, path: String
  ) -> DataFileFailure {
    DataFileFailure(
      path: path, expected: "numbers that differ in field '\(name)'",
      actual: "\(number) in every training record"
        + (isOfSeveral ? " as its first, and no other that varies" : ""),
      advice: "leave the field out or add records")
  }
}

/// Mean and spread of one component, in `Double`, in two passes.
private struct Moments {
  let mean: Double
  let deviation: Double
  let minimum: Double
  let maximum: Double

  var isConstant: Bool { minimum == maximum }

  /// Nil for no value.
  init?(_ values: [Double]) {
    guard let minimum = values.min(), let maximum = values.max() else { return nil }
    let count = Double(values.count)
    // Scaled, so that sums of numbers near the greatest stay finite.
    let unit = max(abs(minimum), abs(maximum), .leastNormalMagnitude)
    let mean = values.reduce(0) { $0 + $1 / unit } / count
    let squares = values.reduce(0) { $0 + ($1 / unit - mean) * ($1 / unit - mean) }
    self.mean = mean * unit
    self.minimum = minimum
    self.maximum = maximum
    // Rounding can leave a constant with a tiny spread.
    deviation = minimum == maximum || squares == 0 ? 1 : (squares / count).squareRoot() * unit
  }
}
