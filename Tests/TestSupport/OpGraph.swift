public import TensorGraph

/// A case's graph, with its gradients where they are asked for.
///
/// The gradients are those of the sum of the result times a cotangent, a further input, so that
/// errors in one element can't cancel those of another.
public struct OpGraph: Sendable {
  /// The computation.
  public let graph: Graph
  /// What the case built.
  public let result: Node
  /// One for each differentiable operand; empty where none were asked for.
  public let gradients: [(operand: Int, node: Node)]
  /// The parameters among the operands.
  public let store: ParameterStore

  /// The name of the cotangent's input.
  public static let cotangent = "cotangent"

  /// The name of a real operand, input or parameter.
  public static func name(ofOperand place: Int) -> String { "operand\(place)" }

  /// The name of an index operand.
  public static func name(ofIndices place: Int) -> String { "indices\(place)" }

  /// Builds the graph of a case.
  public init(_ opCase: OpCase, withGradients: Bool) throws {
    var graph = Graph()
    var store = ParameterStore(seed: 0)
    let reals = opCase.operands.enumerated().map { place, operand in
      let name = Self.name(ofOperand: place)
      return switch operand.source {
      case .input: graph.input(name, operand.shape)
      case .parameter: graph.read(store.declare(name, operand.shape, .zeros))
      }
    }
    let indices = opCase.indices.enumerated().map { place, list in
      graph.indexInput(Self.name(ofIndices: place), [list.count])
    }
    result = try opCase.build(&graph, reals + indices)
    let targets = opCase.operands.indices.filter { opCase.operands[$0].isDifferentiable }
    if withGradients, opCase.differentiable {
      let cotangent = graph.input(Self.cotangent, graph.shape(of: result))
      let loss = try graph.sum(graph.multiply(result, cotangent))
      let nodes = try graph.gradients(of: loss, by: targets.map { reals[$0] })
      gradients = zip(targets, nodes).map { (operand: $0, node: $1) }
    } else {
      gradients = []
    }
    self.graph = graph
    self.store = store
  }

  /// What an executor runs: `result`, and `gradient <operand>` for each gradient.
  public var program: Program {
    let outputs = gradients.map { Program.Output("gradient \($0.operand)", $0.node) }
    return Program(graph: graph, outputs: [Program.Output("result", result)] + outputs)
  }
}
