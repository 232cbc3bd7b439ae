/// One result in a graph.
public struct Node: Hashable, Sendable {
  /// Its place in the graph: operands always come before.
  public let position: Int
}

/// A static, pure computation: nodes, each after its operands.
///
/// Building the same operation on the same operands twice gives the same node, so that common
/// subexpressions are computed once.
public struct Graph: Sendable {
  /// What stands behind a node.
  public struct Entry: Hashable, Sendable {
    /// What it computes.
    public let operation: Operation
    /// From what.
    public let operands: [Node]
    /// Of what extent.
    public let shape: Shape
    /// Real numbers or indices.
    public let elementType: ElementType
  }

  /// All nodes' entries, by position.
  public private(set) var entries: [Entry] = []
  /// What the caller writes, in the order of declaration.
  public private(set) var inputs: [Node] = []
  /// What the caller reads, each once, in the order of declaration.
  public private(set) var outputs: [Node] = []
  private var known: [Entry: Node] = [:]
  /// Where each output stands among ``outputs``.
  private(set) var outputPlaces: [Node: Int] = [:]
  let identity = GraphIdentity()

  /// An empty graph.
  public init() {}

  /// The entry behind a node.
  public subscript(_ node: Node) -> Entry { entries[node.position] }

  /// A node's shape.
  public func shape(of node: Node) -> Shape { entries[node.position].shape }

  /// Every node, operands first.
  public var nodes: some Sequence<Node> { (0..<entries.count).lazy.map(Node.init(position:)) }

  mutating func append(
    _ operation: Operation, _ operands: [Node], shape: Shape, type: ElementType = .real
  ) -> Node {
    let entry = Entry(operation: operation, operands: operands, shape: shape, elementType: type)
    if let node = known[entry] { return node }
    let node = Node(position: entries.count)
    entries.append(entry)
    known[entry] = node
    return node
  }

  mutating func appendInput(_ operation: Operation, _ shape: Shape, _ type: ElementType) -> Node {
    let node = append(operation, [], shape: shape, type: type)
    inputs.append(node)
    return node
  }

  mutating func appendOutput(_ node: Node) {
    guard outputPlaces[node] == nil else { return }
    outputPlaces[node] = outputs.count
    outputs.append(node)
  }

  /// A parameter's current value.
  public mutating func read(_ parameter: Parameter) -> Node {
    append(.parameter(parameter.name), [], shape: parameter.shape)
  }

  /// One number in every element of `shape`.
  public mutating func constant(_ value: Double, _ shape: Shape = []) -> Node {
    append(.constant(value), [], shape: shape)
  }

  /// The operand, through which no gradient flows.
  public mutating func stopGradient(_ x: Node) -> Node {
    append(.stopGradient, [x], shape: shape(of: x))
  }

  /// A statistic of the whole batch, where each rank computes `x` for its own records; `x` itself where there is one
  /// rank.
  ///
  /// Mark with it what enters the loss in other ways than linearly. Each rank's loss then depends on the whole batch; the
  /// gradient passes through a mean as it is, since the ranks' gradients are averaged afterwards by the same shares. No
  /// gradient flows through a sum.
  public mutating func acrossRanks(_ statistic: RankStatistic, _ x: Node) -> Node {
    append(.acrossRanks(statistic), [x], shape: shape(of: x))
  }
}
