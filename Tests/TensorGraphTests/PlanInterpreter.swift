@testable import TensorGraph

/// Carries out a plan with the reference's operations, so that a test sees whether fusion, folding
/// and order leave the results as they were.
struct PlanInterpreter {
  let graph: Graph
  let plan: Plan
  let position: RandomPosition
  /// Values of the nodes that are known.
  private(set) var values: [Node: Tensor]
  private var indices: [Node: [Int32]]

  /// What a plan did that it must not.
  struct Broken: Error, CustomStringConvertible {
    let description: String
  }

  init(_ built: OpGraphValues, plan: Plan) {
    self.graph = built.graph
    self.plan = plan
    self.position = built.position
    self.values = built.sources
    self.indices = built.indices
  }

  /// Runs every instruction; each node is computed once, from nodes that are known.
  mutating func run() throws {
    for instruction in plan.instructions {
      var step = Graph()
      var inputs: [Port<Float>: Tensor] = [:]
      var indexInputs: [Port<Int32>: [Int32]] = [:]
      let operands = try instruction.operands.map { node in
        if let list = indices[node] {
          let port = step.indexInput([list.count])
          indexInputs[port] = list
          return port.node
        }
        guard let value = values[node] else {
          throw Broken(description: "node \(node.position) is read before it is computed")
        }
        let port = step.input(value.shape)
        inputs[port] = value
        return port.node
      }
      let targets = instruction.results.map { graph.shape(of: $0) }
      let types = instruction.results.map { graph[$0].elementType }
      let results = try apply(instruction.kernel, operands, targets, types, in: &step)
      let tensors = try ReferenceEvaluator.evaluate(
        step, nodes: results, inputs: inputs, indexInputs: indexInputs, at: position)
      for (node, tensor) in zip(instruction.results, tensors) {
        guard values[node] == nil else {
          throw Broken(description: "node \(node.position) is computed twice")
        }
        guard tensor.shape == graph.shape(of: node) else {
          throw Broken(description: "node \(node.position) got shape \(tensor.shape)")
        }
        values[node] = tensor
        if graph[node].elementType == .index { indices[node] = tensor.values.map { Int32($0) } }
      }
    }
  }

  private func apply(
    _ kernel: Plan.Kernel, _ operands: [Node], _ targets: [Shape], _ types: [ElementType],
    in step: inout Graph
  ) throws -> [Node] {
    switch kernel {
    case .operation(.binary(let function)):
      let stretched = operands.map { step.broadcastUnchecked($0, to: targets[0]) }
      return [step.binaryUnchecked(function, stretched[0], stretched[1])]
    case .operation(let operation):
      return [step.append(operation, operands, shape: targets[0], type: types[0])]
    case .dense(let bias, let addend, let activation):
      let product = try step.matmul(operands[0], operands[1])
      return [
        try finish(
          product, operands.dropFirst(2), bias: bias, addend: addend, activation, in: &step)
      ]
    case .convolution(let window, let bias, let addend, let activation):
      let product = try step.convolution(operands[0], operands[1], window)
      return [
        try finish(
          product, operands.dropFirst(2), bias: bias, addend: addend, activation, in: &step)
      ]
    case .weightAndBiasGradient:
      return [
        try step.matmul(operands[0], operands[1], transposeLeft: true),
        try step.sum(operands[1], axes: [0]),
      ]
    case .lstmAndTrace(let isReversed):
      return [
        try step.lstm(
          operands[0], shared: operands[1], weight: operands[2], lengths: operands[3],
          isReversed: isReversed),
        step.append(.lstmTrace(isReversed: isReversed), operands, shape: targets[1]),
      ]
    case .convolutionWeightAndBiasGradient(let window):
      return [
        step.convolutionWeightGradient(
          operands[0], upstream: operands[1], window, kernel: targets[0]),
        try step.sum(operands[1], axes: [0, 1, 2]),
      ]
    }
  }

  /// What planning fused behind a product.
  private func finish(
    _ product: Node, _ others: ArraySlice<Node>, bias: Bool, addend: Bool,
    _ activation: UnaryFunction?, in step: inout Graph
  ) throws -> Node {
    var (sum, rest) = (product, others)
    let target = step.shape(of: product)
    if bias {
      let row = rest.removeFirst()
      guard step.shape(of: row) == [target.columns] else {
        throw Broken(description: "a bias has shape \(step.shape(of: row))")
      }
      sum = step.binaryUnchecked(.add, sum, step.broadcastUnchecked(row, to: target))
    }
    if addend { sum = step.binaryUnchecked(.add, sum, rest.removeFirst()) }
    return activation.map { step.unary($0, sum) } ?? sum
  }
}
