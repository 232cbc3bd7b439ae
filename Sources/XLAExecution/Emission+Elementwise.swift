import TensorGraph

/// Functions of elements; NaN goes through every one.
extension Emission {
  mutating func unary(_ function: UnaryFunction, _ x: HLOValue) -> HLOValue {
    switch function {
    case .negate: return builder.negate(x)
    case .exp: return builder.exp(x)
    case .log: return builder.log(x)
    case .squareRoot: return builder.map("sqrt", x)
    case .square: return builder.square(x)
    case .relu:
      return builder.select(builder.compare(x, "LT", 0), builder.number(0, x.extents), x)
    case .leakyRelu(let slope):
      return builder.select(builder.compare(x, "LT", 0), builder.scale(x, by: slope), x)
    case .silu: return builder.multiply(x, builder.logistic(x))
    case .tanh: return builder.map("tanh", x)
    case .sigmoid: return builder.logistic(x)
    case .softplus: return builder.softplus(x)
    }
  }

  /// The slope, from the result where ``UnaryFunction/slopeReadsOutput``, else from the operand.
  mutating func slope(_ function: UnaryFunction, _ known: HLOValue) -> HLOValue {
    func step(_ builder: inout HLOBuilder, low: Double) -> HLOValue {
      builder.select(
        builder.compare(known, "GT", 0), builder.number(1, known.extents),
        builder.number(low, known.extents))
    }
    let one = builder.number(1, known.extents)
    switch function {
    case .negate: return builder.number(-1, known.extents)
    case .exp: return known
    case .log: return builder.divide(one, known)
    case .squareRoot: return builder.divide(builder.number(0.5, known.extents), known)
    case .square: return builder.scale(known, by: 2)
    case .relu: return step(&builder, low: 0)
    case .leakyRelu(let slope): return step(&builder, low: slope)
    case .silu:
      let rest = builder.logistic(builder.negate(known))
      let growth = builder.add(builder.multiply(known, rest), 1)
      return builder.multiply(builder.logistic(known), growth)
    case .tanh:
      return builder.multiply(builder.subtract(one, known), builder.add(known, one))
    case .sigmoid: return builder.multiply(known, builder.subtract(one, known))
    case .softplus: return builder.logistic(known)
    }
  }

  mutating func binary(_ function: BinaryFunction, _ x: HLOValue, _ y: HLOValue) -> HLOValue {
    switch function {
    case .add: builder.add(x, y)
    case .subtract: builder.subtract(x, y)
    case .multiply: builder.multiply(x, y)
    case .divide: builder.divide(x, y)
    }
  }
}
