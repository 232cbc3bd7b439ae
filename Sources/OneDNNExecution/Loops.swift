internal import CFusedLoops
import TensorGraph

/// The C loops, called on values.
enum Loops {
  static func convert(_ from: Value, _ to: Value, _ count: Int, _ threads: Int) {
    cvae_convert(from.tensor, to.tensor, count, Int32(threads))
  }

  static func fill(_ value: Value, _ number: Float, _ count: Int) {
    cvae_fill(value.floats, number, count)
  }
}

extension Value {
  /// The value as the loops see it; it must be row-major.
  var tensor: cvae_tensor {
    cvae_tensor(data: pointer, type: type == .bfloat16 ? CVAE_BFLOAT16 : CVAE_FLOAT32)
  }

  var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }
  var indices: UnsafeMutablePointer<Int32> { pointer.assumingMemoryBound(to: Int32.self) }
}

extension UnaryFunction {
  var code: cvae_unary_function {
    switch self {
    case .negate: CVAE_NEGATE
    case .exp: CVAE_EXP
    case .log: CVAE_LOG
    case .squareRoot: CVAE_SQUARE_ROOT
    case .square: CVAE_SQUARE
    case .relu: CVAE_RELU
    case .leakyRelu: CVAE_LEAKY_RELU
    case .silu: CVAE_SILU
    case .tanh: CVAE_TANH
    case .sigmoid: CVAE_SIGMOID
    case .softplus: CVAE_SOFTPLUS
    }
  }
}

extension cvae_activation {
  init(_ function: UnaryFunction?) {
    self.init(
      exists: function != nil, function: function?.code ?? CVAE_RELU, slope: function?.slope ?? 0)
  }
}

extension BinaryFunction {
  var code: cvae_binary_function {
    switch self {
    case .add: CVAE_ADD
    case .subtract: CVAE_SUBTRACT
    case .multiply: CVAE_MULTIPLY
    case .divide: CVAE_DIVIDE
    }
  }
}

extension BroadcastPattern {
  var code: cvae_pattern {
    switch self {
    case .full: CVAE_FULL
    case .scalar: CVAE_SCALAR
    case .row: CVAE_ROW
    case .column: CVAE_COLUMN
    }
  }
}
