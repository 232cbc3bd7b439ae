import TensorGraph

/// A graph of about a given number of elements, and the kinds of operations that it's there to time.
struct OperationCase {
  let kinds: Set<OperationKind>
  let build: (inout OperationGraph, Int) throws -> Node

  init(
    _ kinds: Set<OperationKind>, build: @escaping (inout OperationGraph, Int) throws -> Node
  ) {
    self.kinds = kinds
    self.build = build
  }

  /// Every kind has a case here; ``OperationBenchmark`` refuses a list that lacks one.
  static var all: [OperationCase] {
    elementwise + products + convolutions + pictures + arrangements + rows + recurrences
      + attentions + likelihoods + random
  }

  static var elementwise: [OperationCase] {
    let functions: [UnaryFunction] = [
      .negate, .exp, .log, .squareRoot, .square, .relu, .leakyRelu(slope: 0.1), .silu, .tanh,
      .sigmoid, .softplus,
    ]
    let pairs: [BinaryFunction] = [.add, .subtract, .multiply, .divide]
    return functions.map { function in
      OperationCase([.unary, .unaryGradient]) { it, elements in
        let x = it.hidden([elements / 512, 512])
        return it.graph.unary(function, x)
      }
    }
      + pairs.map { function in
        OperationCase([.binary]) { it, elements in
          let (x, y) = (it.hidden([elements / 512, 512]), it.hidden([elements / 512, 512]))
          return try it.graph.binary(function, x, y)
        }
      } + [
        // A row and a column, which the loop reads as they are.
        OperationCase([.binary]) { it, elements in
          let (x, row) = (it.hidden([elements / 512, 512]), it.data([512]))
          let column = it.data([elements / 512, 1])
          return try it.graph.multiply(it.graph.add(x, row), column)
        },
        // An activation reads the stretched row, so that it has to be written.
        OperationCase([.broadcast, .sum]) { it, elements in
          let row = it.parameter([512])
          return try it.graph.broadcast(row, to: [elements / 512, 512])
        },
        OperationCase([.stopGradient]) { it, elements in
          let x = it.hidden([elements / 512, 512])
          return try it.graph.multiply(x, it.graph.stopGradient(it.graph.square(x)))
        },
      ]
  }

  static var products: [OperationCase] {
    [(784, 512), (512, 512), (64, 64), (64, 10)].map { (inputs: Int, outputs: Int) in
      OperationCase([.matmul]) { it, elements in
        let x = it.hidden([elements / inputs, inputs])
        let (weight, bias) = (it.parameter([inputs, outputs]), it.parameter([outputs]))
        return try it.graph.addRow(it.graph.matmul(x, weight), bias)
      }
    } + [
      OperationCase([.matmul]) { it, elements in
        let (left, right) = (it.hidden([elements / 512, 512]), it.hidden([512, 512]))
        return try it.graph.matmul(left, right)
      }
    ]
  }
}
