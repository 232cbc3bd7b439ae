import TensorGraph
import TestSupport

/// A case's graph with values for everything that has no operands.
struct OpGraphValues {
  let graph: Graph
  let program: Program
  let position: RandomPosition
  let sources: [Node: Tensor]
  let indices: [Node: [Int32]]
  /// The program's outputs by the reference, node by node.
  let expected: [Tensor]

  init(_ opCase: OpCase, withGradients: Bool) throws {
    let built = try OpGraph(opCase, withGradients: withGradients)
    let values = OpValues(for: opCase, result: built.graph.shape(of: built.result), seed: 1)
    let graph = built.graph
    self.graph = graph
    program = built.program
    position = values.position
    let real = graph.nodes.filter { node in
      graph[node].operands.isEmpty && graph[node].elementType == .real
    }
    sources = Dictionary(uniqueKeysWithValues: zip(real, try built.evaluate(real, values)))
    indices = Dictionary(
      uniqueKeysWithValues: built.indexInputs(values).map { ($0.key.node, $0.value) })
    expected = try built.evaluate(graph.outputs, values)
  }
}
