public import TensorGraph

/// What follows a hidden layer.
public enum Activation: String, Codable, CaseIterable, Sendable {
  /// max(x, 0).
  case relu
  /// x, or x / 100 where it is negative.
  case leakyRelu = "leaky-relu"
  /// x · sigmoid(x).
  case silu
  /// Hyperbolic tangent.
  case tanh

  /// Appends the function to `graph`.
  public func callAsFunction(_ x: Node, in graph: inout Graph) -> Node {
    switch self {
    case .relu: graph.relu(x)
    case .leakyRelu: graph.leakyRelu(x)
    case .silu: graph.silu(x)
    case .tanh: graph.tanh(x)
    }
  }
}
