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
    let reals = operands.map { graph.input($0.shape) }
    let lists = indices.map { graph.indexInput([$0.count]) }
    let result = try build(&graph, reals.map(\.node) + lists.map(\.node))
    return try ReferenceEvaluator.evaluate(
      graph, nodes: [result], inputs: Dictionary(uniqueKeysWithValues: zip(reals, operands)),
      indexInputs: Dictionary(uniqueKeysWithValues: zip(lists, indices)),
      at: RandomPosition(seed: 5, step: 3))[0]
  }
}
