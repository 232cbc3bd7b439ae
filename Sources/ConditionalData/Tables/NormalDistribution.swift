import Foundation

/// The standard normal distribution.
package enum NormalDistribution {
  /// P(Z ≤ z).
  package static func cumulative(_ z: Double) -> Double { 0.5 * erfc(-z * 0.5.squareRoot()) }

  /// log of the density.
  package static func logDensity(_ z: Double) -> Double { -0.5 * z * z - 0.5 * log(2 * Double.pi) }

  /// The z below which the share `u` lies, 0 < u < 1: a rational approximation, then one step of
  /// Halley's method, which brings it to rounding.
  ///
  /// - Source: Acklam, *An Algorithm for Computing the Inverse Normal Cumulative Distribution
  ///   Function*, 2003.
  package static func quantile(_ u: Double) -> Double {
    precondition(u > 0 && u < 1, "A share between 0 and 1 has a quantile, not \(u).")
    // In the upper half the distance to 1 would lose digits.
    if u > 0.5 { return -quantile(1 - u) }
    let z = u < 0.02425 ? tail(u) : center(u)
    let error = (cumulative(z) - u) * exp(0.5 * z * z) * (2 * Double.pi).squareRoot()
    return z - error / (1 + 0.5 * z * error)
  }

  private static func tail(_ u: Double) -> Double {
    let q = (-2 * log(u)).squareRoot()
    let above = polynomial(
      q,
      [
        -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838, -2.549732539343734,
        4.374664141464968, 2.938163982698783,
      ])
    let below = polynomial(
      q,
      [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996, 3.754408661907416, 1])
    return above / below
  }

  private static func center(_ u: Double) -> Double {
    let q = u - 0.5
    let r = q * q
    let above = polynomial(
      r,
      [
        -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
        1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239,
      ])
    let below = polynomial(
      r,
      [
        -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
        6.680131188771972e+01, -1.328068155288572e+01, 1,
      ])
    return q * above / below
  }

  /// Σ coefficients[i] · x^(n − 1 − i).
  private static func polynomial(_ x: Double, _ coefficients: [Double]) -> Double {
    coefficients.reduce(0) { $0 * x + $1 }
  }
}
