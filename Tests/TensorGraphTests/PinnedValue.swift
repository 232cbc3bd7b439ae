import TensorGraph

/// A graph on given numbers, and its result as Python's `math` module computes it.
struct PinnedValue: Sendable, CustomStringConvertible {
  let description: String
  let operands: [Tensor]
  let indices: [[Int32]]
  let expected: Tensor
  let build: @Sendable (inout Graph, [Node]) throws -> Node

  init(
    _ description: String, _ operands: [Tensor], indices: [[Int32]] = [], _ expected: Tensor,
    build: @escaping @Sendable (inout Graph, [Node]) throws -> Node
  ) {
    self.description = description
    self.operands = operands
    self.indices = indices
    self.expected = expected
    self.build = build
  }

  /// What the reference computes, at step 3 of seed 5.
  func evaluate() throws -> Tensor {
    var graph = Graph()
    var inputs: [String: Tensor] = [:]
    var indexInputs: [String: [Int32]] = [:]
    var nodes: [Node] = []
    for (place, tensor) in operands.enumerated() {
      nodes.append(graph.input("real\(place)", tensor.shape))
      inputs["real\(place)"] = tensor
    }
    for (place, list) in indices.enumerated() {
      nodes.append(graph.indexInput("index\(place)", [list.count]))
      indexInputs["index\(place)"] = list
    }
    let result = try build(&graph, nodes)
    return try ReferenceEvaluator.evaluate(
      graph, nodes: [result], inputs: inputs, indexInputs: indexInputs,
      at: RandomPosition(seed: 5, step: 3))[0]
  }
}
