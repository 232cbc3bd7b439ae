// Ports that are found by name, for callers that don't hold typed ports yet.

extension Graph {
  /// The input of that name, declared where it is new. One name has one shape.
  public mutating func input(_ name: String, _ shape: Shape) -> Node {
    named(name, shape, .real) { $0.input(shape).node }
  }

  /// The index input of that name, declared where it is new. One name has one shape.
  public mutating func indexInput(_ name: String, _ shape: Shape) -> Node {
    named(name, shape, .index) { $0.indexInput(shape).node }
  }

  private mutating func named(
    _ name: String, _ shape: Shape, _ type: ElementType, _ declare: (inout Graph) -> Node
  ) -> Node {
    if let known = namedInputs[name] {
      precondition(
        self[known].shape == shape && self[known].elementType == type,
        "Input \(name) is declared twice, with shapes \(self[known].shape) and \(shape).")
      return known
    }
    let node = declare(&self)
    namedInputs[name] = node
    return node
  }

  fileprivate func port<Element>(input name: String) -> Port<Element> {
    guard let node = namedInputs[name] else {
      preconditionFailure("The program has no input \(name).")
    }
    return Port(node: node, owner: identity)
  }
}

extension Program {
  /// A named result.
  public struct Output: Sendable {
    /// The name that the caller reads it by.
    public let name: String
    /// The node that holds it.
    public let node: Node

    /// Names a node as a result.
    public init(_ name: String, _ node: Node) {
      self.name = name
      self.node = node
    }
  }

  /// A program whose outputs are read by name.
  public init(graph: Graph, outputs: [Output], update: ParameterUpdate? = nil) {
    var graph = graph
    for output in outputs { graph.appendOutput(output.node) }
    self.init(graph: graph, update: update, outputs: outputs)
  }

  fileprivate func port<Element>(output name: String) -> Port<Element> {
    guard let output = outputs.first(where: { $0.name == name }) else {
      preconditionFailure("The program has no output \(name).")
    }
    return Port(node: output.node, owner: graph.identity)
  }
}

extension CompiledProgram {
  /// Writes a real input, row-major.
  public func withInput<R>(
    _ name: String, _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R { try withInput(program.graph.port(input: name), body) }

  /// Writes an index input.
  public func withIndexInput<R>(
    _ name: String, _ body: (UnsafeMutableBufferPointer<Int32>) throws -> R
  ) rethrows -> R { try withInput(program.graph.port(input: name), body) }

  /// Reads a result of the last run, row-major.
  public func withOutput<R>(
    _ name: String, _ body: (UnsafeBufferPointer<Float>) throws -> R
  ) rethrows -> R { try withOutput(program.port(output: name), body) }

  /// Reads a result of the last run that holds indices.
  public func withIndexOutput<R>(
    _ name: String, _ body: (UnsafeBufferPointer<Int32>) throws -> R
  ) rethrows -> R { try withOutput(program.port(output: name), body) }

  /// Writes a scalar input.
  public func setScalar(_ name: String, _ value: Float) {
    withInput(name) { $0[0] = value }
  }

  /// A copy of a result of the last run.
  public func output(_ name: String) -> [Float] { withOutput(name) { Array($0) } }
}

extension ReferenceEvaluator {
  /// The values of `nodes`, with inputs by name.
  public static func evaluate(
    _ graph: Graph, nodes: [Node], inputs: [String: Tensor],
    indexInputs: [String: [Int32]] = [:], parameters: [String: Tensor] = [:],
    at position: RandomPosition = RandomPosition(seed: 0, step: 0)
  ) throws -> [Tensor] {
    var reals: [Port<Float>: Tensor] = [:]
    for (name, value) in inputs where graph.namedInputs[name] != nil {
      reals[graph.port(input: name)] = value
    }
    var indices: [Port<Int32>: [Int32]] = [:]
    for (name, values) in indexInputs where graph.namedInputs[name] != nil {
      indices[graph.port(input: name)] = values
    }
    return try evaluate(
      graph, nodes: nodes, inputs: reals, indexInputs: indices, parameters: parameters,
      at: position)
  }
}
