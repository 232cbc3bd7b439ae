import Foundation
public import TensorGraph

/// A Gaussian's log σ that is computed from the training split rather than trained by gradient.
public struct FittedDeviation: Hashable, Sendable {
  /// The generated variable.
  public let input: FieldInput
  /// `decoder.<field>.logDeviation`, `[]`.
  public let parameter: Parameter

  /// Keeps σ above zero where a field is predicted exactly.
  public static let leastVariance = 1e-12

  /// The maximum-likelihood log σ for `records` records whose squared errors, over all columns, add up to
  /// `totalSquaredError`.
  public func logDeviation(totalSquaredError: Double, records: Int) -> Float {
    logDeviation(
      totalSquaredError: totalSquaredError, values: Double(records * input.features.width))
  }

  /// The same for `values` numbers, for a field only some of whose columns count.
  public func logDeviation(totalSquaredError: Double, values: Double) -> Float {
    let mean = totalSquaredError / values
    return Float(0.5 * log(mean + Self.leastVariance))
  }
}
