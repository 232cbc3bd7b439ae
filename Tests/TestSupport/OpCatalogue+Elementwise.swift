import TensorGraph

extension OpCatalogue {
  /// Each function of one operand and of two.
  static let elementwise: [OpCase] = unaryCases + binaryCases

  private struct UnaryDomain: Sendable {
    let function: UnaryFunction
    let domain: ClosedRange<Double>
    let extremes: [Double]
  }

  private static let unaryDomains: [UnaryDomain] =
    [.negate, .square, .relu, .leakyRelu(slope: 0.1), .silu, .tanh, .sigmoid, .softplus].map {
      UnaryDomain(function: $0, domain: -6...6, extremes: far)
    } + [
      UnaryDomain(function: .exp, domain: -4...3, extremes: [-1000, -1, 0, 80]),
      UnaryDomain(function: .log, domain: 0.2...4, extremes: [1e-30, 1, 1000]),
      UnaryDomain(function: .squareRoot, domain: 0.2...4, extremes: [1e-30, 1, 1000]),
    ]

  private static let unaryCases: [OpCase] = unaryDomains.flatMap { entry in
    matrixShapes.map { shape in
      OpCase(
        "\(FunctionName(entry.function)) \(shape)",
        [.input(shape, entry.domain, extremes: entry.extremes)]
      ) { graph, x in graph.unary(entry.function, x[0]) }
    }
  }

  private static func binaryCase(
    _ function: BinaryFunction, _ left: OpCase.Operand, _ right: Shape, _ kind: String,
    _ source: OpCase.Operand.Source = .input
  ) -> OpCase {
    let domain = function == .divide ? 0.5...2.0 : -2.0...2.0
    let extremes = function == .divide ? [-1000, 1e-3, 1000] : far
    let operand: OpCase.Operand =
      switch source {
      case .input: .input(right, domain, extremes: extremes)
      case .parameter: .parameter(right, domain, extremes: extremes)
      }
    return OpCase("\(function) \(kind) \(left.shape) \(right)", [left, operand]) { graph, x in
      try graph.binary(function, x[0], x[1])
    }
  }

  private static let binaryFunctions: [BinaryFunction] = [.add, .subtract, .multiply, .divide]

  private static let binaryCases: [OpCase] = binaryFunctions.flatMap { function in
    matrixShapes.map { binaryCase(function, .input($0, extremes: far), $0, "equal") }
  }

  /// A scalar, a row, a column or a general pattern stretched, on the right and on the left.
  static let broadcasts: [OpCase] =
    binaryFunctions.flatMap { function in
      [
        binaryCase(function, .input([4, 33], extremes: far), [], "scalar"),
        binaryCase(function, .input([4, 33], extremes: far), [33], "row"),
        binaryCase(function, .input([4, 33], extremes: far), [4, 1], "column"),
        binaryCase(function, .input([130, 70], extremes: far), [70], "row parameter", .parameter),
        binaryCase(function, .input([130, 70], extremes: far), [130, 1], "column"),
        binaryCase(function, .input([3, 1, 4], extremes: far), [2, 1], "general"),
        binaryCase(function, .input([2, 3, 5], extremes: far), [2, 1, 1], "outermost axis"),
        binaryCase(function, .input([3, 1], extremes: far), [1, 5], "column and row"),
        binaryCase(function, .input([5], extremes: far), [3, 5], "row on the left"),
        binaryCase(function, .input([], extremes: far), [3, 5], "scalar on the left"),
        binaryCase(function, .input([2, 3, 5], extremes: far), [3, 5], "matrix in three axes"),
        binaryCase(function, .input([1, 1], extremes: far), [1, 1], "one element"),
      ]
    } + broadcastAlone + shared

  private static let broadcastAlone: [OpCase] = [
    ([], [3, 5]), ([5], [3, 5]), ([7, 1], [7, 4]), ([2, 1, 3], [2, 4, 3]), ([1, 3], [2, 4, 3]),
  ].map { (source: Shape, target: Shape) in
    OpCase("broadcast \(source) to \(target)", [.input(source, extremes: far)]) { graph, x in
      try graph.broadcast(x[0], to: target)
    }
  }

  /// One node read twice, in places where an executor might overwrite it.
  private static let shared: [OpCase] = [
    OpCase("x times x", [.input([4, 33], extremes: far)]) { graph, x in
      try graph.multiply(x[0], x[0])
    },
    OpCase("x over x", [.input([4, 33], 0.5...2, extremes: [-1000, 1e-3, 1000])]) { graph, x in
      try graph.divide(x[0], x[0])
    },
    OpCase("scale", [.input([4, 33], extremes: far)]) { graph, x in
      graph.scale(x[0], by: -0.25)
    },
    OpCase("tanh and its operand", [.input([4, 33], extremes: far)]) { graph, x in
      let moved = graph.scale(x[0], by: 0.5)
      return try graph.multiply(graph.tanh(moved), moved)
    },
    OpCase("the operand itself", [.input([3, 5], extremes: far)]) { _, x in x[0] },
    OpCase("a parameter itself", [.parameter([3, 5], extremes: far)]) { _, x in x[0] },
    OpCase(
      "stopGradient", [.input([4, 33], extremes: far), .input([4, 33], extremes: far)],
      gradients: .blocked
    ) { graph, x in
      let held = graph.stopGradient(graph.square(x[0]))
      return try graph.add(graph.multiply(held, x[1]), graph.sigmoid(x[0]))
    },
    OpCase("acrossRanks", [.input([4, 33], extremes: far)]) { graph, x in
      graph.acrossRanks(.mean, graph.sigmoid(x[0]))
    },
  ]
}
