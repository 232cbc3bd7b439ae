public import TensorGraph

/// A case's graph, with its gradients where they are wanted.
///
/// The gradients are those of the sum of the result times a cotangent, a further input, so that
/// errors in one element can't cancel those of another.
public struct OpGraph: Sendable {
  /// The computation.
  public let graph: Graph
  /// What the case built.
  public let result: Node
  /// One for each differentiable operand; empty where none are wanted.
  public let gradients: [(operand: Int, node: Node)]
  /// The parameters among the operands.
  public let store: ParameterStore

  /// What the caller reads: the result, then the gradients.
  public let outputs: [(name: String, port: Port<Float>)]

  /// The real operands' inputs; nil for parameters.
  private let reals: [Port<Float>?]
  private let indices: [Port<Int32>]
  private let cotangent: Port<Float>?

  /// Builds the graph of a case.
  public init(_ opCase: OpCase, withGradients: Bool) throws {
    var graph = Graph()
    var store = ParameterStore(seed: 0)
    var reals: [Port<Float>?] = []
    let operands = opCase.operands.enumerated().map { place, operand in
      switch operand.source {
      case .input:
        let port = graph.input(operand.shape)
        reals.append(port)
        return port.node
      case .parameter:
        reals.append(nil)
        return graph.read(store.declare("operand\(place)", operand.shape, .zeros))
      }
    }
    self.reals = reals
    indices = opCase.indices.map { graph.indexInput([$0.count]) }
    result = try opCase.build(&graph, operands + indices.map(\.node))
    let targets = opCase.operands.indices.filter { opCase.operands[$0].isDifferentiable }
    if withGradients, opCase.differentiable {
      let cotangent = graph.input(graph.shape(of: result))
      self.cotangent = cotangent
      let loss = try graph.sum(graph.multiply(result, cotangent.node))
      let nodes = try graph.gradients(of: loss, by: targets.map { operands[$0] })
      gradients = zip(targets, nodes).map { (operand: $0, node: $1) }
    } else {
      cotangent = nil
      gradients = []
    }
    outputs =
      [(name: "result", port: graph.output(result))]
      + gradients.map { (name: "gradient \($0.operand)", port: graph.output($0.node)) }
    self.graph = graph
    self.store = store
  }

  /// What an executor runs.
  public var program: Program { Program(graph: graph) }

  /// Each real input with its value.
  func inputs(_ values: OpValues) -> [Port<Float>: Tensor] {
    var result: [Port<Float>: Tensor] = [:]
    for (port, tensor) in zip(reals, values.operands) {
      if let port { result[port] = tensor }
    }
    if let cotangent { result[cotangent] = values.cotangent }
    return result
  }

  /// Each index input with its values.
  public func indexInputs(_ values: OpValues) -> [Port<Int32>: [Int32]] {
    Dictionary(uniqueKeysWithValues: zip(indices, values.indices))
  }

  /// Each parameter's value, by name.
  func parameters(_ values: OpValues) -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (place, tensor) in values.operands.enumerated() where reals[place] == nil {
      result["operand\(place)"] = tensor
    }
    return result
  }
}
