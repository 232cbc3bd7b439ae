import TensorGraph

/// A graph around the operations that are timed: activations before and behind, as in a model, so that
/// with bfloat16 products what may be bfloat16 is.
struct OperationGraph {
  var graph = Graph()
  private(set) var store = ParameterStore(seed: 0)
  /// What gradients are asked by; empty where there are none.
  private var targets: [Node] = []
  /// The real inputs.
  private(set) var reals: [Port<Float>] = []
  /// The index inputs, with the number that their indices lie below.
  private(set) var levels: [(port: Port<Int32>, limit: Int)] = []

  /// Numbers in (0.1, 0.9) without a gradient, such as targets.
  mutating func data(_ shape: Shape) -> Node {
    let port: Port<Float> = graph.input(shape)
    reals.append(port)
    return port.node
  }

  /// An activation of such numbers, by which gradients are asked.
  mutating func hidden(_ shape: Shape) -> Node {
    let node = data(shape)
    targets.append(node)
    return graph.leakyRelu(node)
  }

  /// A parameter, by which gradients are asked.
  mutating func parameter(_ shape: Shape) -> Node {
    let node = weight(shape)
    targets.append(node)
    return node
  }

  /// A parameter without a gradient.
  mutating func weight(_ shape: Shape) -> Node {
    let fanIn = shape.count / shape.columns
    let name = "parameter\(store.parameters.count)"
    return graph.read(store.declare(name, shape, .uniform(fanIn: fanIn)))
  }

  /// Indices in turn.
  mutating func indices(_ count: Int, below limit: Int) -> Node {
    let port: Port<Int32> = graph.indexInput([count])
    levels.append((port, limit))
    return port.node
  }

  /// `[…, side, side, channels]` of about `elements`, behind a convolution, so that they lie as
  /// convolutions like them.
  mutating func pictures(_ elements: Int, side: Int = 28, channels: Int = 16) throws -> Node {
    let batch = max(1, elements / (side * side * channels))
    return graph.leakyRelu(try pointwise(hidden([batch, side, side, channels])))
  }

  /// An activation and a further convolution of the result.
  mutating func convolved(_ result: Node) throws -> Node {
    try pointwise(graph.leakyRelu(result))
  }

  private mutating func pointwise(_ x: Node) throws -> Node {
    let channels = graph.shape(of: x).columns
    return try graph.convolution(x, parameter([1, 1, channels, channels]))
  }

  /// The result, or where there's something to ask gradients by the sum of its activation, and those.
  mutating func program(of result: Node) throws -> Program {
    guard !targets.isEmpty else {
      if graph[result].elementType == .index {
        _ = graph.indexOutput(result)
      } else {
        _ = graph.output(result)
      }
      return Program(graph: graph)
    }
    let loss = try graph.sum(graph.leakyRelu(result))
    let gradients = try graph.gradients(of: loss, by: targets)
    for node in [loss] + gradients { _ = graph.output(node) }
    return Program(graph: graph)
  }
}
