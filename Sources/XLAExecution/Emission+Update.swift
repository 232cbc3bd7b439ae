import TensorGraph

/// The optimiser's step within a program.
extension Emission {
  /// A parameter with its running means, before or after a step.
  struct ParameterState {
    let value: HLOValue
    let first: HLOValue
    let second: HLOValue
  }

  /// Numbers that change from step to step, by their place in an argument.
  enum Setting: Int, CaseIterable {
    case learningRate
    /// 1 / (1 − β₁ᵗ) and 1 / (1 − β₂ᵗ), with t the count of updates, this one included.
    case firstCorrection, secondCorrection
    /// Infinite for none.
    case largestNorm
  }

  /// What became of a step, as the second part of ``UpdateResult/report``.
  enum Outcome: Int {
    case applied, outlier
    /// Nothing changed.
    case refused
    /// Elements without a finite gradient kept their values; the update counts.
    case refusedInPart
  }

  struct UpdateResult {
    let parameters: [ParameterState]
    /// The gradients' norm, or 0 without clipping, then an ``Outcome``: `[2]`.
    let report: HLOValue
  }

  /// Adam as ``AdamRule`` describes it. What a step must not change is chosen element by element, so that one program
  /// serves whatever comes.
  mutating func update(
    _ update: ParameterUpdate, _ old: [ParameterState], settings: HLOValue
  ) -> UpdateResult {
    let setting = Setting.allCases.map { setting in
      let place = setting.rawValue
      return builder.reshape(builder.slice(settings, axis: 0, place..<place + 1), [])
    }
    let gradients = update.gradients.map { self[$0.node] }
    let isFinite = finite(builder.reshape(self[update.loss], []))
    var mayChange = isFinite
    var factor: HLOValue?
    var norm = builder.number(0)
    let outcome: HLOValue
    let codes = [Outcome.applied, .outlier, .refused, .refusedInPart].map {
      builder.number(Double($0.rawValue))
    }
    if let clipNorm = update.clipNorm {
      norm = self.norm(gradients)
      let isRegular = builder.zip("and", isFinite, finite(norm))
      let isOutlier = builder.compare(norm, "GT", setting[Setting.largestNorm.rawValue])
      mayChange = builder.zip("and", isRegular, builder.map("not", isOutlier))
      let share = builder.divide(builder.number(clipNorm), norm)
      factor = builder.select(builder.compare(norm, "GT", clipNorm), share, builder.number(1))
      outcome = builder.select(
        isRegular, builder.select(isOutlier, codes[1], codes[0]), codes[2])
    } else {
      let isWhole = areFinite(gradients)
      outcome = builder.select(
        isFinite, builder.select(isWhole, codes[0], codes[3]), codes[2])
    }
    let states = zip(old, gradients).map { state, gradient in
      step(
        update.rule, state, scaled(gradient, by: factor), setting, mayChange: mayChange)
    }
    let report = builder.concatenate(
      [norm, outcome].map { builder.reshape($0, [1]) }, axis: 0)
    return UpdateResult(parameters: states, report: report)
  }

  private mutating func step(
    _ rule: AdamRule, _ old: ParameterState, _ gradient: HLOValue, _ setting: [HLOValue],
    mayChange: HLOValue
  ) -> ParameterState {
    let extents = gradient.extents
    func stretched(_ builder: inout HLOBuilder, _ place: Setting) -> HLOValue {
      builder.stretch(setting[place.rawValue], to: extents)
    }
    var slope = gradient
    if !rule.decoupled, rule.weightDecay != 0 {
      slope = builder.add(slope, builder.scale(old.value, by: rule.weightDecay))
    }
    let changes = builder.zip(
      "and", builder.stretch(mayChange, to: extents), finite(gradient))
    func chosen(_ builder: inout HLOBuilder, _ new: HLOValue, _ old: HLOValue) -> HLOValue {
      builder.select(changes, new, old)
    }
    let first = builder.add(
      builder.scale(old.first, by: rule.beta1), builder.scale(slope, by: 1 - rule.beta1))
    let second = builder.add(
      builder.scale(old.second, by: rule.beta2),
      builder.scale(builder.square(slope), by: 1 - rule.beta2))
    // The value is computed from the chosen moments, so that those take the place of the old ones without a copy.
    let (newFirst, newSecond) = (
      chosen(&builder, first, old.first), chosen(&builder, second, old.second)
    )
    let mean = builder.multiply(newFirst, stretched(&builder, .firstCorrection))
    let square = builder.multiply(newSecond, stretched(&builder, .secondCorrection))
    let size = builder.add(builder.map("sqrt", square), rule.epsilon)
    let rate = stretched(&builder, .learningRate)
    let move = builder.multiply(rate, builder.divide(mean, size))
    var kept = old.value
    if rule.decoupled, rule.weightDecay != 0 {
      let decay = builder.scale(builder.multiply(rate, old.value), by: rule.weightDecay)
      kept = builder.subtract(kept, decay)
    }
    return ParameterState(
      value: chosen(&builder, builder.subtract(kept, move), old.value), first: newFirst,
      second: newSecond)
  }

  private mutating func scaled(_ gradient: HLOValue, by factor: HLOValue?) -> HLOValue {
    guard let factor else { return gradient }
    return builder.multiply(gradient, builder.stretch(factor, to: gradient.extents))
  }

  /// Whether elements are finite.
  private mutating func finite(_ x: HLOValue) -> HLOValue {
    builder.append("stablehlo.is_finite \(x.name)", [x], x.extents, .i1)
  }

  /// Whether all elements are finite: then the sum of each row times 0 is 0. (A row of finite elements whose sum
  /// overflows counts as not finite.)
  private mutating func areFinite(_ tensors: [HLOValue]) -> HLOValue {
    let zero = builder.number(0)
    let total = tensors.reduce(zero) { result, x in
      let rows = x.extents.isEmpty ? x : builder.sumRows(x)
      let none = builder.scale(rows, by: 0)
      return builder.add(result, builder.sum(none, Array(none.extents.indices)))
    }
    return builder.compare(total, "EQ", zero)
  }

  /// A sum or another reduction over all axes: over the last one first, which XLA does well.
  private mutating func reduceAll(_ x: HLOValue, by function: String) -> HLOValue {
    let zero = builder.number(0)
    guard let last = x.extents.indices.last else { return x }
    let rows = builder.reduce(x, [last], by: function, from: zero)
    return builder.reduce(rows, Array(rows.extents.indices), by: function, from: zero)
  }

  /// The norm of all tensors together. Elements are divided by the largest first, lest squares overflow.
  private mutating func norm(_ tensors: [HLOValue]) -> HLOValue {
    let zero = builder.number(0)
    let largest = tensors.reduce(zero) { result, x in
      builder.zip("maximum", result, reduceAll(builder.map("abs", x), by: "maximum"))
    }
    let unit = builder.select(
      builder.compare(largest, "LT", 0x1p-100), builder.number(1), largest)
    let total = tensors.reduce(zero) { result, x in
      let part = builder.divide(x, builder.stretch(unit, to: x.extents))
      return builder.add(result, reduceAll(builder.square(part), by: "add"))
    }
    return builder.multiply(unit, builder.map("sqrt", total))
  }
}
