import TensorGraph
import TestSupport
import Testing

@Suite struct GradientsTests {
  /// The gradients of a closure's result by its inputs, one number each.
  private func slopes(
    at values: [Double], _ build: (inout Graph, [Node]) throws -> Node
  ) throws -> [Double] {
    var graph = Graph()
    let ports = values.map { _ in graph.input([]) }
    let nodes = ports.map(\.node)
    let loss = try build(&graph, nodes)
    let gradients = try graph.gradients(of: loss, by: nodes)
    let inputs = Dictionary(uniqueKeysWithValues: zip(ports, values.map { Tensor($0) }))
    return try ReferenceEvaluator.evaluate(graph, nodes: gradients, inputs: inputs)
      .map { $0.values[0] }
  }

  @Test func stopGradientHoldsItsOperandConstant() throws {
    let slopes = try slopes(at: [3]) { graph, x in
      try graph.multiply(x[0], graph.stopGradient(graph.square(x[0])))
    }
    // Of x · x², with x² held: 9, not 27.
    #expect(slopes == [9])
  }

  @Test func pathsAddUp() throws {
    let slopes = try slopes(at: [3, 5]) { graph, x in
      let product = try graph.multiply(x[0], x[1])
      return try graph.add(graph.multiply(product, x[0]), graph.square(x[1]))
    }
    // 2xy, and x² + 2y.
    #expect(slopes == [30, 19])
  }

  @Test func targetsWithoutInfluenceGetZeros() throws {
    var graph = Graph()
    let used = graph.input([2]).node
    let unused = graph.input([2, 3]).node
    let loss = try graph.sum(used)
    let late = graph.square(used)
    let gradients = try graph.gradients(of: loss, by: [unused, late, used])
    let values = try ReferenceEvaluator.evaluate(graph, nodes: gradients)
    #expect(values[0] == Tensor([2, 3], repeating: 0))
    #expect(values[1] == Tensor([2], repeating: 0))
    #expect(values[2] == Tensor([2], repeating: 1))
  }

  @Test func lossIsAScalar() {
    var graph = Graph()
    let x = graph.input([2, 3]).node
    #expect(throws: ShapeMismatch.self) { try graph.gradients(of: x, by: [x]) }
  }

  @Test func checkFindsAWrongGradient() throws {
    let report = try GradientCheck(seed: 4, inputs: [[3, 4]], domain: 1...2) { graph, x in
      try graph.multiply(x[0], graph.stopGradient(x[0]))
    }.run()
    #expect(abs(report.worstScaledError - 1) < 0.1, "\(report)")
    #expect(report.description.contains("closure, seed 4, input 0, index "))
  }

  @Test func checkLeavesOutKinks() throws {
    let report = try GradientCheck(seed: 1, inputs: [[4]], domain: -1e-9...1e-9) { graph, x in
      graph.relu(x[0])
    }.run()
    #expect(report.atKinks == 4)
    #expect(report.compared == 0)
  }
}
