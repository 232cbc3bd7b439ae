import TensorGraph
import TestSupport
import Testing

@Suite struct PlanTests {
  private struct Layer {
    var graph = Graph()
    var store = ParameterStore(seed: 1)
    let rows: Node
    let weight: Node
    let bias: Node
    let table: Node
    let level: Node

    init() throws {
      rows = graph.input([6, 9]).node
      weight = graph.read(store.declare("weight", [9, 5], .uniform(fanIn: 9)))
      bias = graph.read(store.declare("bias", [5], .zeros))
      table = graph.read(store.declare("table", [3, 5], .uniform(fanIn: 3)))
      level = try graph.gather(table, graph.indexInput([6]).node)
    }

    /// rows · weight + bias.
    mutating func affine() throws -> Node {
      try graph.addRow(graph.matmul(rows, weight), bias)
    }
  }

  private func plan(_ graph: Graph, _ outputs: [Node]) -> Plan {
    var graph = graph
    for output in outputs { _ = graph.output(output) }
    return Plan(Program(graph: graph))
  }

  private func kernels(_ graph: Graph, _ outputs: Node...) -> [Plan.Kernel] {
    plan(graph, outputs).instructions.map(\.kernel)
  }

  @Test func biasAddendAndReluJoinTheProduct() throws {
    var layer = try Layer()
    let result = layer.graph.relu(try layer.graph.add(layer.affine(), layer.level))
    let plan = plan(layer.graph, [result])
    #expect(
      plan.instructions.map(\.kernel) == [
        .operation(.gather), .dense(bias: true, addend: true, activation: .relu),
      ])
    #expect(plan.instructions[1].operands == [layer.rows, layer.weight, layer.bias, layer.level])
    #expect(plan.instructions[1].results == [result])
  }

  @Test(arguments: [
    UnaryFunction.relu, .leakyRelu(slope: 0.1), .tanh, .sigmoid,
  ])
  func activationsAreFused(function: UnaryFunction) throws {
    var layer = try Layer()
    let result = layer.graph.unary(function, try layer.affine())
    #expect(
      kernels(layer.graph, result)
        == [.dense(bias: true, addend: false, activation: function)])
  }

  @Test(arguments: [UnaryFunction.silu, .softplus, .square, .exp, .squareRoot])
  func otherFunctionsKeepTheirOperand(function: UnaryFunction) throws {
    var layer = try Layer()
    let loss = try layer.graph.sum(layer.graph.unary(function, layer.affine()))
    let gradient = try layer.graph.gradients(of: loss, by: [layer.weight])[0]
    let found = kernels(layer.graph, loss, gradient)
    #expect(found.contains(.dense(bias: true, addend: false, activation: nil)))
    #expect(found.contains(.operation(.unary(function))))
  }

  @Test func weightAndBiasGradientsAreOneInstruction() throws {
    var layer = try Layer()
    let loss = try layer.graph.sum(layer.graph.square(layer.affine()))
    let gradients = try layer.graph.gradients(of: loss, by: [layer.weight, layer.bias])
    let plan = plan(layer.graph, gradients)
    let fused = plan.instructions.filter { $0.kernel == .weightAndBiasGradient }
    #expect(fused.map(\.results) == [gradients])
    #expect(!plan.instructions.contains { $0.kernel == .operation(.sum(axes: [0])) })
  }

  @Test func addendThatIsReadAgainIsNotOverwritten() throws {
    var layer = try Layer()
    let sum = try layer.graph.add(layer.affine(), layer.level)
    let again = layer.graph.square(layer.level)
    let found = kernels(layer.graph, sum, again)
    #expect(found.contains(.dense(bias: true, addend: false, activation: nil)))
    #expect(found.contains(.operation(.binary(.add))))
  }

  @Test func resultsAreNotAbsorbed() throws {
    var layer = try Layer()
    let before = try layer.affine()
    let after = layer.graph.relu(before)
    #expect(
      kernels(layer.graph, before, after) == [
        .dense(bias: true, addend: false, activation: nil), .operation(.unary(.relu)),
      ])
  }

  @Test func productsByInputsAreNoDenseLayers() throws {
    var graph = Graph()
    let product = try graph.matmul(graph.input([2, 3]).node, graph.input([3, 4]).node)
    #expect(
      kernels(graph, product)
        == [.operation(.matmul(transposeLeft: false, transposeRight: false))])
  }

  @Test func sumOfTwoProductsIsComputedOnce() throws {
    var layer = try Layer()
    let other = layer.graph.read(layer.store.declare("other", [4, 5], .zeros))
    let second = try layer.graph.matmul(layer.graph.input([6, 4]).node, other)
    let sum = try layer.graph.add(layer.graph.matmul(layer.rows, layer.weight), second)
    #expect(
      kernels(layer.graph, sum) == [
        .dense(bias: false, addend: false, activation: nil),
        .dense(bias: false, addend: true, activation: nil),
      ])
  }

  @Test func broadcastsAreFolded() throws {
    for shape in [[], [5], [1, 5], [3, 1], [1, 1]] as [Shape] {
      var graph = Graph()
      let stretched = graph.input(shape).node
      let result = try graph.multiply(graph.input([3, 5]).node, stretched)
      let plan = plan(graph, [result])
      #expect(plan.instructions.map(\.kernel) == [.operation(.binary(.multiply))], "\(shape)")
      #expect(plan.instructions[0].operands[1] == stretched)
    }
  }

  @Test func otherBroadcastsAreNot() throws {
    var graph = Graph()
    let result = try graph.multiply(graph.input([3, 1, 4]).node, graph.input([2, 1]).node)
    #expect(
      kernels(graph, result)
        == [.operation(.broadcast), .operation(.broadcast), .operation(.binary(.multiply))])
    let alone = try graph.broadcast(graph.input([5]).node, to: [3, 5])
    #expect(kernels(graph, alone) == [.operation(.broadcast)])
  }

  @Test func patternsOfBroadcasts() {
    #expect(BroadcastPattern(from: [3, 5], to: [3, 5]) == .full)
    #expect(BroadcastPattern(from: [], to: [3, 5]) == .scalar)
    #expect(BroadcastPattern(from: [1, 1], to: [3, 5]) == .scalar)
    #expect(BroadcastPattern(from: [5], to: [3, 5]) == .row)
    #expect(BroadcastPattern(from: [1, 5], to: [2, 3, 5]) == .row)
    #expect(BroadcastPattern(from: [3, 1], to: [3, 5]) == .column)
    #expect(BroadcastPattern(from: [2, 3, 1], to: [2, 3, 5]) == .column)
    #expect(BroadcastPattern(from: [3, 1], to: [2, 3, 5]) == nil)
    #expect(BroadcastPattern(from: [3, 5], to: [2, 3, 5]) == nil)
    #expect(BroadcastPattern(from: [2, 1, 1], to: [2, 3, 5]) == nil)
    #expect(BroadcastPattern(from: [2, 1, 5], to: [2, 3, 5]) == nil)
  }

  /// Cheap instructions follow what they read; products keep their order.
  @Test func cheapInstructionsFollowTheirOperands() throws {
    var layer = try Layer()
    let other = layer.graph.input([6, 9]).node
    let products = [
      try layer.graph.matmul(layer.rows, layer.weight), try layer.graph.matmul(other, layer.weight),
    ]
    let squares = products.map { layer.graph.square($0) }
    let roots = squares.map { layer.graph.squareRoot($0) }
    #expect(
      plan(layer.graph, roots).instructions.flatMap(\.results) == [
        products[0], squares[0], roots[0], products[1], squares[1], roots[1],
      ])
  }

  /// A wide table's program has as many instructions; comparing each with each would take minutes.
  @Test(.timeLimit(.minutes(1))) func manyInstructionsArePlanned() {
    var graph = Graph()
    let squares = (0..<15_000).map { _ in graph.square(graph.input([1]).node) }
    let roots = squares.map { graph.squareRoot($0) }
    let planned = plan(graph, roots).instructions.flatMap(\.results)
    #expect(planned == zip(squares, roots).flatMap { [$0, $1] })
  }

  @Test func deadCodeIsLeftOut() throws {
    var graph = Graph()
    let x = graph.input([3, 5]).node
    let dead = graph.exp(graph.input([3, 5]).node)
    let result = graph.tanh(x)
    let plan = plan(graph, [result])
    #expect(plan.instructions.flatMap(\.results) == [result])
    #expect(plan.live == [x, result])
    #expect(!plan.live.contains(dead))
  }

  @Test func updateKeepsItsGradientsAndLoss() throws {
    var layer = try Layer()
    let parameter = layer.store.parameters[0]
    let loss = try layer.graph.sum(layer.graph.square(layer.affine()))
    let gradient = try layer.graph.gradients(of: loss, by: [layer.weight])[0]
    let update = ParameterUpdate(
      rule: AdamRule(), gradients: [.init(parameter, gradient)], loss: loss)
    let plan = Plan(Program(graph: layer.graph, update: update))
    #expect(plan.live.isSuperset(of: [loss, gradient]))
  }

  /// For every graph of the catalogue, alone and differentiated.
  @Test(arguments: OpCatalogue.cases.filter { !$0.isLarge }, [false, true])
  func plansComputeWhatTheirGraphsSay(opCase: OpCase, withGradients: Bool) throws {
    let built = try OpGraphValues(opCase, withGradients: withGradients)
    var interpreter = PlanInterpreter(built, plan: Plan(built.program))
    try interpreter.run()
    for (node, expected) in zip(built.graph.outputs, built.expected) {
      let value = try #require(
        interpreter.values[node], "\(opCase): node \(node.position) is not computed")
      for (got, wanted) in zip(value.values, expected.values) {
        #expect(
          abs(got - wanted) < 1e-9 * max(1, abs(wanted)), "\(opCase), node \(node.position)")
      }
    }
  }
}
