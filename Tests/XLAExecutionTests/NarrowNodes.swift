import TensorGraph

/// What a program in bfloat16 rounds to 8 bits: what products read.
enum NarrowNodes {
  static func nodes(_ program: Program) -> Set<Node> {
    let graph = program.graph
    var nodes: Set<Node> = []
    for node in graph.nodes {
      let operands = graph[node].operands
      switch graph[node].operation {
      case .matmul, .convolution, .transposedConvolution, .convolutionWeightGradient:
        nodes.formUnion(operands)
      // The outputs, which each step multiplies by the weight.
      case .lstm, .lstmTrace: nodes.formUnion([node, operands[2]])
      case .lstmGradient: nodes.formUnion([node, operands[1]])
      default: break
      }
    }
    return nodes
  }
}
