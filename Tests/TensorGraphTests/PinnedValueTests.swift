import TensorGraph
import Testing

@Suite struct PinnedValueTests {
  @Test(
    arguments: PinnedValue.elementwise + PinnedValue.products + PinnedValue.arrangements
      + PinnedValue.rows + PinnedValue.pictures + PinnedValue.extremes + PinnedValue.random)
  func referenceComputesIt(pinned: PinnedValue) throws {
    let result = try pinned.evaluate()
    #expect(result.shape == pinned.expected.shape)
    for (index, (value, expected)) in zip(result.values, pinned.expected.values).enumerated() {
      #expect(
        abs(value - expected) <= 1e-9 * max(1, abs(expected)),
        "\(pinned), index \(index): \(value) instead of \(expected)")
    }
  }
}

extension PinnedValue {
  private static func unary(
    _ function: UnaryFunction, _ x: [Double], _ expected: [Double]
  ) -> PinnedValue {
    PinnedValue("\(function)", [Tensor([4], x)], Tensor([4], expected)) { graph, x in
      graph.unary(function, x[0])
    }
  }

  private static let reals = [-2.5, -0.5, 0.25, 3.0]
  private static let positives = [0.25, 0.5, 2.0, 10.0]

  static let elementwise: [PinnedValue] = [
    unary(.negate, reals, [2.5, 0.5, -0.25, -3.0]),
    unary(
      .exp, reals, [0.0820849986238988, 0.6065306597126334, 1.2840254166877414, 20.085536923187668]),
    unary(.square, reals, [6.25, 0.25, 0.0625, 9.0]),
    unary(.relu, reals, [0, 0, 0.25, 3.0]),
    unary(.leakyRelu(slope: 0.1), reals, [-0.25, -0.05, 0.25, 3.0]),
    unary(
      .silu, reals,
      [-0.18964545005310887, -0.1887703343990727, 0.14054412522144952, 2.8577223804673]),
    unary(
      .tanh, reals,
      [-0.9866142981514303, -0.46211715726000974, 0.24491866240370913, 0.9950547536867305]),
    unary(
      .sigmoid, reals,
      [0.07585818002124355, 0.3775406687981454, 0.5621765008857981, 0.9525741268224334]),
    unary(
      .softplus, reals,
      [0.07888973429254963, 0.4740769841801067, 0.8259394198788436, 3.048587351573742]),
    unary(
      .log, positives,
      [-1.3862943611198906, -0.6931471805599453, 0.6931471805599453, 2.302585092994046]),
    unary(
      .squareRoot, positives, [0.5, 0.7071067811865476, 1.4142135623730951, 3.1622776601683795]),
    binary(.add, [11, 22, 13, 24, 15, 26]),
    binary(.subtract, [-9, -18, -7, -16, -5, -14]),
    binary(.multiply, [10, 40, 30, 80, 50, 120]),
    binary(.divide, [0.1, 0.1, 0.3, 0.2, 0.5, 0.3]),
  ]

  /// A matrix of three rows and a row of two numbers.
  private static func binary(_ function: BinaryFunction, _ expected: [Double]) -> PinnedValue {
    PinnedValue(
      "\(function)", [Tensor([3, 2], [1, 2, 3, 4, 5, 6]), Tensor([2], [10, 20])],
      Tensor([3, 2], expected)
    ) { graph, x in try graph.binary(function, x[0], x[1]) }
  }

  private static let left = Tensor([2, 3], [1, -2, 3, 0.5, 4, -1])
  private static let leftTransposed = Tensor([3, 2], [1, 0.5, -2, 4, 3, -1])
  private static let right = Tensor([3, 2], [2, 1, -1, 0.5, 3, -2])
  private static let rightTransposed = Tensor([2, 3], [2, -1, 3, 1, 0.5, -2])
  private static let product = Tensor([2, 2], [13, -6, -6, 4.5])

  static let products: [PinnedValue] = [
    PinnedValue("matmul", [left, right], product) { graph, x in try graph.matmul(x[0], x[1]) },
    PinnedValue("matmul, left transposed", [leftTransposed, right], product) { graph, x in
      try graph.matmul(x[0], x[1], transposeLeft: true)
    },
    PinnedValue("matmul, right transposed", [left, rightTransposed], product) { graph, x in
      try graph.matmul(x[0], x[1], transposeRight: true)
    },
    PinnedValue("matmul, both transposed", [leftTransposed, rightTransposed], product) {
      graph, x in try graph.matmul(x[0], x[1], transposeLeft: true, transposeRight: true)
    },
  ]

  private static let count = Tensor([2, 3], [1, 2, 3, 4, 5, 6])
  private static let block = Tensor([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8])

  static let arrangements: [PinnedValue] = [
    PinnedValue("reshape", [count], Tensor([3, 2], [1, 2, 3, 4, 5, 6])) { graph, x in
      try graph.reshape(x[0], [3, 2])
    },
    PinnedValue("transpose", [count], Tensor([3, 2], [1, 4, 2, 5, 3, 6])) { graph, x in
      try graph.transpose(x[0], order: [1, 0])
    },
    PinnedValue("transpose of three axes", [block], Tensor([2, 2, 2], [1, 3, 5, 7, 2, 4, 6, 8])) {
      graph, x in try graph.transpose(x[0], order: [2, 0, 1])
    },
    PinnedValue(
      "concatenate", [count, Tensor([2, 1], [7, 8])],
      Tensor([2, 4], [1, 2, 3, 7, 4, 5, 6, 8])
    ) { graph, x in try graph.concatenate(x, axis: 1) },
    PinnedValue("slice", [count], Tensor([2, 2], [2, 3, 5, 6])) { graph, x in
      try graph.slice(x[0], axis: 1, 1..<3)
    },
    PinnedValue("split", [block], Tensor([2, 1, 2], [3, 4, 7, 8])) { graph, x in
      try graph.split(x[0], axis: 1, into: 2)[1]
    },
    PinnedValue("broadcast", [Tensor([2, 1], [1, 2])], Tensor([2, 3], [1, 1, 1, 2, 2, 2])) {
      graph, x in try graph.broadcast(x[0], to: [2, 3])
    },
    PinnedValue("sum of rows", [count], Tensor([2], [6, 15])) { graph, x in
      try graph.sum(x[0], axes: [1])
    },
    PinnedValue("sum of the outer and the inner axis", [block], Tensor([2], [14, 22])) {
      graph, x in try graph.sum(x[0], axes: [2, 0])
    },
    PinnedValue("mean", [count], Tensor(3.5)) { graph, x in try graph.mean(x[0]) },
    PinnedValue("mean of columns", [count], Tensor([3], [2.5, 3.5, 4.5])) { graph, x in
      try graph.mean(x[0], axes: [0])
    },
    PinnedValue("maximum", [Tensor([2, 3], [1, 7, 3, -4, -5, -6])], Tensor([2], [7, -4])) {
      graph, x in graph.maximum(x[0])
    },
    PinnedValue("gather", [right], indices: [[2, 0, 2]], Tensor([3, 2], [3, -2, 2, 1, 3, -2])) {
      graph, x in try graph.gather(x[0], x[1])
    },
    PinnedValue(
      "jointIndex", [Tensor([6, 1], [0, 1, 2, 3, 4, 5])], indices: [[1, 0], [2]],
      Tensor([2, 1], [5, 2])
    ) { graph, x in try graph.gather(x[0], graph.jointIndex(x[1], x[2], columns: 3)) },
    PinnedValue("scores", [right, right], Tensor([3, 1], [5, 1.25, 13])) { graph, x in
      try graph.recordProduct(.scores, x[0], x[1], batch: 3)
    },
    PinnedValue(
      "maskedSoftmax", [Tensor([2, 2], [3, 3, 1, 7])], indices: [[2, 1]],
      Tensor([2, 2], [0.5, 0.5, 1, 0])
    ) { graph, x in try graph.maskedSoftmax(x[0], lengths: x[1]) },
    PinnedValue(
      "matchingSum", [count], indices: [[4, 4, 5, 4, 4, 9], [4, 9]], Tensor([2], [4, 6])
    ) { graph, x in try graph.matchingSum(x[0], source: x[1], targets: x[2]) },
    PinnedValue(
      "levelSums", [count], indices: [[1, 1, 0, 1, 1, 9]], Tensor([2, 2], [2, 4, 0, 9])
    ) { graph, x in try graph.levelSums(x[0], source: x[1], levels: 2) },
    PinnedValue("stopGradient", [count], count) { graph, x in graph.stopGradient(x[0]) },
    PinnedValue("acrossRanks", [count], count) { graph, x in graph.acrossRanks(.mean, x[0]) },
  ]
}
