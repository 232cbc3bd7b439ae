import TensorGraph

extension OpCatalogue {
  private struct Extents: Sendable {
    let rows: Int
    let inner: Int
    let columns: Int
  }

  private static let extents: [Extents] = [
    Extents(rows: 3, inner: 5, columns: 4), Extents(rows: 7, inner: 1, columns: 3),
    Extents(rows: 1, inner: 9, columns: 1), Extents(rows: 4, inner: 33, columns: 17),
    Extents(rows: 130, inner: 70, columns: 33),
  ]

  /// All four transpositions, the right operand an input or a parameter.
  static let products: [OpCase] =
    extents.flatMap { extents in
      [false, true].flatMap { transposeLeft in
        [false, true].flatMap { transposeRight in
          [OpCase.Operand.Source.input, .parameter].map { source in
            product(extents, transposeLeft, transposeRight, source)
          }
        }
      }
    } + otherProducts

  private static func product(
    _ extents: Extents, _ transposeLeft: Bool, _ transposeRight: Bool,
    _ source: OpCase.Operand.Source
  ) -> OpCase {
    let left: Shape =
      transposeLeft ? [extents.inner, extents.rows] : [extents.rows, extents.inner]
    let right: Shape =
      transposeRight ? [extents.columns, extents.inner] : [extents.inner, extents.columns]
    let name =
      "matmul \(left)\(transposeLeft ? "ᵀ" : "") \(right)\(transposeRight ? "ᵀ" : "")"
      + " \(source)"
    let operand: OpCase.Operand =
      source == .input ? .input(right, extremes: far) : .parameter(right, extremes: far)
    return OpCase(name, [.input(left, extremes: far), operand]) { graph, x in
      try graph.matmul(x[0], x[1], transposeLeft: transposeLeft, transposeRight: transposeRight)
    }
  }

  private static let otherProducts: [OpCase] = [
    OpCase("matmul of a parameter from the left", [.parameter([3, 5]), .input([5, 4])]) {
      graph, x in try graph.matmul(x[0], x[1])
    },
    OpCase("matmul of one parameter by itself", [.parameter([5, 5])]) { graph, x in
      try graph.matmul(x[0], x[0])
    },
    OpCase("one weight, plain and transposed", [.input([4, 9]), .parameter([9, 9])]) {
      graph, x in
      let once = graph.tanh(try graph.matmul(x[0], x[1]))
      return try graph.matmul(once, x[1], transposeRight: true)
    },
    OpCase("one weight for two inputs", [.input([4, 9]), .input([3, 9]), .parameter([9, 5])]) {
      graph, x in
      let parts = [try graph.matmul(x[0], x[2]), try graph.matmul(x[1], x[2])]
      return try graph.concatenate(parts, axis: 0)
    },
  ]

  private static let activations: [UnaryFunction?] = [
    nil, .relu, .leakyRelu(slope: 0.1), .tanh, .sigmoid, .silu, .softplus, .exp, .square,
  ]

  /// Products with what planning may fuse into them, and what it must not.
  static let denseLayers: [OpCase] =
    activations.flatMap { activation in
      extents.map { dense($0, activation) }
    } + combinedLayers

  private static func dense(_ extents: Extents, _ activation: UnaryFunction?) -> OpCase {
    let name = activation.map { "\(FunctionName($0))" } ?? "no activation"
    return OpCase(
      "dense \(extents.rows)x\(extents.inner)x\(extents.columns) \(name)",
      [
        .input([extents.rows, extents.inner]),
        .parameter([extents.inner, extents.columns], -0.3...0.3), .parameter([extents.columns]),
      ]
    ) { graph, x in
      let sum = try graph.addRow(graph.matmul(x[0], x[1]), x[2])
      return activation.map { graph.unary($0, sum) } ?? sum
    }
  }

  private static let combinedLayers: [OpCase] = [
    OpCase("dense without bias, relu", [.input([4, 33]), .parameter([33, 17])]) { graph, x in
      graph.relu(try graph.matmul(x[0], x[1]))
    },
    OpCase(
      "dense with a bias of one number", [.input([4, 9]), .parameter([9, 5]), .parameter([1])]
    ) { graph, x in graph.tanh(try graph.add(graph.matmul(x[0], x[1]), x[2])) },
    OpCase(
      "dense with a row that is no parameter", [.input([4, 9]), .parameter([9, 5]), .input([5])]
    ) { graph, x in graph.tanh(try graph.addRow(graph.matmul(x[0], x[1]), x[2])) },
    OpCase(
      "dense with bias, a level's row and relu",
      [.input([6, 9]), .parameter([9, 5]), .parameter([5]), .parameter([3, 5])],
      indices: [.init(6, below: 3)]
    ) { graph, x in
      let sum = try graph.addRow(graph.matmul(x[0], x[1]), x[2])
      return graph.relu(try graph.add(sum, graph.gather(x[3], x[4])))
    },
    OpCase(
      "two products with a bias and relu",
      [
        .input([6, 9]), .parameter([9, 5]), .input([6, 4]), .parameter([4, 5]), .parameter([5]),
      ]
    ) { graph, x in
      let both = try graph.add(graph.matmul(x[0], x[1]), graph.matmul(x[2], x[3]))
      return graph.relu(try graph.addRow(both, x[4]))
    },
    OpCase(
      "two dense layers of equal size, summed",
      [
        .input([6, 9]), .parameter([9, 5]), .parameter([5]), .input([6, 9]), .parameter([9, 5]),
        .parameter([5]),
      ]
    ) { graph, x in
      let first = try graph.addRow(graph.matmul(x[0], x[1]), x[2])
      let second = try graph.addRow(graph.matmul(x[3], x[4]), x[5])
      return graph.sigmoid(try graph.add(first, second))
    },
    OpCase(
      "three products",
      [.input([6, 9]), .parameter([9, 5]), .parameter([9, 5]), .parameter([9, 5])]
    ) {
      graph, x in
      let parts = [1, 2, 3].map { x[$0] }
      let sum = try graph.add(graph.matmul(x[0], parts[0]), graph.matmul(x[0], parts[1]))
      return graph.tanh(try graph.add(sum, graph.matmul(x[0], parts[2])))
    },
    OpCase("residual layer", [.input([6, 9]), .parameter([9, 9]), .parameter([9])]) { graph, x in
      let sum = try graph.addRow(graph.matmul(x[0], x[1]), x[2])
      return try graph.add(graph.relu(sum), sum)
    },
    OpCase("dense added to its own input", [.input([6, 9]), .parameter([9, 9])]) { graph, x in
      graph.relu(try graph.add(graph.matmul(x[0], x[1]), x[0]))
    },
    OpCase(
      "one layer for two inputs",
      [.input([6, 9]), .input([3, 9]), .parameter([9, 5]), .parameter([5])]
    ) { graph, x in
      let parts = [
        try graph.addRow(graph.matmul(x[0], x[2]), x[3]),
        try graph.addRow(graph.matmul(x[1], x[2]), x[3]),
      ]
      return graph.tanh(try graph.concatenate(parts, axis: 0))
    },
    OpCase("one bias for two layers", [.input([6, 9]), .parameter([9, 9]), .parameter([9])]) {
      graph, x in
      let first = graph.tanh(try graph.addRow(graph.matmul(x[0], x[1]), x[2]))
      return graph.tanh(try graph.addRow(graph.matmul(first, x[1]), x[2]))
    },
  ]
}
