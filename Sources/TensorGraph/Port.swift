/// A number that crosses between a caller and a program: `Float` for real numbers, `Int32` for
/// indices.
public protocol PortElement: BitwiseCopyable, Sendable {
  /// The type of the elements of such ports' nodes.
  static var elementType: ElementType { get }
}

extension Float: PortElement {
  /// Real numbers.
  public static var elementType: ElementType { .real }
}

extension Int32: PortElement {
  /// Whole numbers.
  public static var elementType: ElementType { .index }
}

/// Where a caller writes an input of a program or reads an output.
///
/// A graph hands out a port when the input or output is declared, so that no name can be misspelt or
/// collide with another:
///
/// ```swift
/// let image = graph.input([128, 784])
/// let loss = graph.output(try graph.mean(graph.square(image.node)))
/// let program = try session.compile(Program(graph: graph))
/// program.withInput(image) { _ = $0.update(fromContentsOf: pixels) }
/// try program.run(at: position)
/// print(program.output(loss)[0])
/// ```
///
/// A port works with the programs that are made from its graph. Using it with another program traps.
public struct Port<Element: PortElement>: Hashable, Sendable {
  /// The node that holds the numbers.
  public let node: Node
  let owner: GraphIdentity
}

/// Identifies a graph's ports; copies of a graph share it.
final class GraphIdentity: Hashable, Sendable {
  static func == (left: GraphIdentity, right: GraphIdentity) -> Bool { left === right }

  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension Graph {
  /// Real numbers that the caller writes before each run.
  public mutating func input(_ shape: Shape) -> Port<Float> {
    Port(node: appendInput(.input(inputs.count), shape, .real), owner: identity)
  }

  /// Whole numbers that the caller writes before each run.
  public mutating func indexInput(_ shape: Shape) -> Port<Int32> {
    Port(node: appendInput(.indexInput(inputs.count), shape, .index), owner: identity)
  }

  /// Declares that the caller reads a node of real numbers after a run.
  public mutating func output(_ node: Node) -> Port<Float> { declareOutput(node) }

  /// Declares that the caller reads a node of indices after a run.
  public mutating func indexOutput(_ node: Node) -> Port<Int32> { declareOutput(node) }

  private mutating func declareOutput<Element>(_ node: Node) -> Port<Element> {
    let type = self[node].elementType
    precondition(
      type == Element.elementType, "Node \(node.position) holds \(type), not \(Element.self).")
    appendOutput(node)
    return Port(node: node, owner: identity)
  }

  /// An input's place in ``inputs``; traps where the port is not of this graph, or no input.
  public func place<Element>(ofInput port: Port<Element>) -> Int {
    check(port)
    switch self[port.node].operation {
    case .input(let place), .indexInput(let place): return place
    default: preconditionFailure("Node \(port.node.position) is no input of the program.")
    }
  }

  /// An output's place in ``outputs``; traps where the port is not of this graph, or no output.
  public func place<Element>(ofOutput port: Port<Element>) -> Int {
    check(port)
    guard let place = outputPlaces[port.node] else {
      preconditionFailure("Node \(port.node.position) was not declared as an output.")
    }
    return place
  }

  private func check<Element>(_ port: Port<Element>) {
    let isOwn =
      port.owner == identity && port.node.position < entries.count
      && self[port.node].elementType == Element.elementType
    precondition(isOwn, "Node \(port.node.position) is a port of another program.")
  }
}
