/// One step of Adam or AdamW in `Double`, as ``AdamRule`` describes them.
struct ReferenceUpdate {
  let session: ReferenceSession
  let update: ParameterUpdate
  let learningRate: Double

  /// Changes parameters, moments and the count of updates, as ``ParameterUpdate`` says.
  func apply(loss: Double, gradients: [Tensor]) -> UpdateOutcome {
    let norm = gradients.reduce(0) { total, gradient in
      gradient.values.reduce(total) { $0 + $1 * $1 }
    }.squareRoot()
    guard loss.isFinite, norm.isFinite || update.clipNorm == nil else { return .refused }
    if update.clipNorm != nil {
      session.gradientNorm = norm
      if let largest = session.largestNorm, norm > largest { return .outlier }
    }
    session.updateCount += 1
    let factor = update.clipNorm.map { norm > $0 ? $0 / norm : 1 } ?? 1
    for (target, gradient) in zip(update.gradients, gradients) {
      step(target.parameter, gradient.map { $0 * factor })
    }
    return gradients.allSatisfy { $0.values.allSatisfy(\.isFinite) } ? .applied : .refused
  }

  /// With g the clipped gradient, to which a coupled decay adds its share, and t the count of
  /// updates: `m ← β₁m + (1 − β₁)g`, `v ← β₂v + (1 − β₂)g²`,
  /// `p ← p − lr · (m/(1 − β₁ᵗ)) / (√(v/(1 − β₂ᵗ)) + ε)`; a decoupled decay takes `lr · decay · p`
  /// as well, with p from before the step.
  private func step(_ parameter: Parameter, _ gradient: Tensor) {
    let rule = update.rule
    guard let old = session.values[parameter.name],
      let oldFirst = session.firstMoments[parameter.name],
      let oldSecond = session.secondMoments[parameter.name]
    else { preconditionFailure("Parameter \"\(parameter.name)\" is not in the session.") }
    let slope =
      rule.decoupled ? gradient : gradient.zip(old) { $0 + rule.weightDecay * $1 }
    let first = oldFirst.zip(slope) { rule.beta1 * $0 + (1 - rule.beta1) * $1 }
    let second = oldSecond.zip(slope) { rule.beta2 * $0 + (1 - rule.beta2) * $1 * $1 }
    let correction1 = 1 - power(rule.beta1, session.updateCount)
    let correction2 = 1 - power(rule.beta2, session.updateCount)
    let direction = first.zip(second) { mean, square in
      mean / correction1 / ((square / correction2).squareRoot() + rule.epsilon)
    }
    let kept = rule.decoupled ? 1 - learningRate * rule.weightDecay : 1
    let moved = old.zip(direction) { kept * $0 - learningRate * $1 }
    session.values[parameter.name] = keep(old, moved, gradient)
    session.firstMoments[parameter.name] = keep(oldFirst, first, gradient)
    session.secondMoments[parameter.name] = keep(oldSecond, second, gradient)
  }

  /// The new elements, or the old ones where the gradient isn't finite.
  private func keep(_ old: Tensor, _ new: Tensor, _ gradient: Tensor) -> Tensor {
    let difference = new.zip(gradient) { $1.isFinite ? $0 : .nan }
    return old.zip(difference) { $1.isNaN ? $0 : $1 }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}
