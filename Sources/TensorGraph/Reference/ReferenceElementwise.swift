/// Elementwise operations in `Double`. NaN goes through every function.
enum ReferenceElementwise {
  static func unary(_ function: UnaryFunction, _ x: Double) -> Double {
    switch function {
    case .negate: -x
    case .exp: exponential(x)
    case .log: logarithm(x)
    case .squareRoot: x.squareRoot()
    case .square: x * x
    case .relu: x < 0 ? 0 : x
    case .leakyRelu(let slope): x < 0 ? slope * x : x
    case .silu: x * logistic(x)
    case .tanh: hyperbolicTangent(x)
    case .sigmoid: logistic(x)
    case .softplus: softplus(x)
    }
  }

  /// The function's slope, from its result where ``UnaryFunction/slopeReadsOutput``, else from its
  /// operand. At a kink it is the slope on the left.
  static func slope(_ function: UnaryFunction, _ known: Double) -> Double {
    switch function {
    case .negate: return -1
    case .exp: return known
    case .log: return 1 / known
    case .squareRoot: return 0.5 / known
    case .square: return 2 * known
    case .relu: return known > 0 ? 1 : 0
    case .leakyRelu(let slope): return known > 0 ? 1 : slope
    case .silu:
      let share = logistic(known)
      return share * (1 + known * logistic(-known))
    case .tanh: return (1 - known) * (1 + known)
    case .sigmoid: return known * (1 - known)
    case .softplus: return logistic(known)
    }
  }

  static func binary(_ function: BinaryFunction, _ x: Double, _ y: Double) -> Double {
    switch function {
    case .add: x + y
    case .subtract: x - y
    case .multiply: x * y
    case .divide: x / y
    }
  }

  static func broadcast(_ x: Tensor, to target: Shape) -> Tensor {
    let added = target.rank - x.shape.rank
    let own = x.shape.strides
    let strides = (0..<target.rank).map { axis in
      axis < added || x.shape.dimensions[axis - added] == 1 ? 0 : own[axis - added]
    }
    return Tensor(target, target.offsets(strides: strides).map { x.values[$0] })
  }
}
