/// Sums of a loss's first and second derivatives over some rows.
struct GradientSum {
  var gradient = 0.0
  var hessian = 0.0

  static func + (first: Self, second: Self) -> Self {
    Self(gradient: first.gradient + second.gradient, hessian: first.hessian + second.hessian)
  }

  static func - (first: Self, second: Self) -> Self {
    Self(gradient: first.gradient - second.gradient, hessian: first.hessian - second.hessian)
  }

  static func += (first: inout Self, second: Self) {
    first.gradient += second.gradient
    first.hessian += second.hessian
  }

  /// Twice what the best constant for these rows gains: G² / (H + λ).
  func gain(penalty: Double) -> Double { gradient * gradient / (hessian + penalty) }

  /// The best constant: −G / (H + λ).
  func value(penalty: Double) -> Double { -gradient / (hessian + penalty) }
}
