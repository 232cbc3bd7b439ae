internal import CFusedLoops
internal import COneDNN
import TensorGraph

extension Lowering {
  /// A product of each record's own matrices, whose rows lie a batch apart.
  func lowerRecordProduct(
    _ node: Node, _ operands: [Node], _ product: RecordProduct, batch: Int
  ) throws {
    let first = try value(of: operands[0], as: .float32)
    let second = try value(of: operands[1], as: .float32)
    let result = define(node, as: .float32)
    func layout(_ node: Node, transposed: Bool = false) throws -> Layout {
      try Layout.ofEachRecord(graph.shape(of: node), batch: batch, transposed: transposed)
    }
    let left = try layout(operands[0], transposed: product == .transposedMixture)
    let right = try layout(operands[1], transposed: product == .scores)
    let own = try layout(node)
    let description = try PrimitiveDescription(engine, "prepare products of records") {
      cvae_matrix_product($0, engine.handle, left.handle, right.handle, own.handle)
    }
    emit(
      description, isProduct: true, (DNNL_ARG_SRC, left, first), (DNNL_ARG_WEIGHTS, right, second),
      (DNNL_ARG_DST, own, result))
  }

  func lowerMaskedSoftmax(_ node: Node, _ operands: [Node]) throws {
    let batch = graph.shape(of: operands[1]).count
    try lowerRows(node, operands) { x, y, shape, threads in
      cvae_masked_softmax(
        x[0].floats, x[1].indices, y.floats, shape.rows, batch, shape.columns, threads)
    }
  }

  func lowerMatchingSum(_ node: Node, _ operands: [Node]) throws {
    let batch = recordCount(weights: operands[0], source: operands[1])
    try lowerRows(node, operands) { x, y, shape, threads in
      cvae_matching_sum(
        x[0].floats, x[1].indices, x[2].indices, y.floats, shape.rows, batch, shape.columns,
        threads)
    }
  }

  func lowerMatchingSumGradient(_ node: Node, _ operands: [Node]) throws {
    let batch = recordCount(weights: node, source: operands[0])
    try lowerRows(node, operands, over: node) { x, y, shape, threads in
      cvae_matching_sum_gradient(
        x[0].indices, x[1].indices, x[2].floats, y.floats, shape.rows, batch, shape.columns,
        threads)
    }
  }

  func lowerLevelSums(_ node: Node, _ operands: [Node]) throws {
    let batch = recordCount(weights: operands[0], source: operands[1])
    let levels = graph.shape(of: node).columns
    try lowerRows(node, operands) { x, y, shape, threads in
      cvae_level_sums(
        x[0].floats, x[1].indices, y.floats, shape.rows, batch, shape.columns, levels, threads)
    }
  }

  private func recordCount(weights: Node, source: Node) -> Int {
    graph.shape(of: source).count / graph.shape(of: weights).columns
  }
}
