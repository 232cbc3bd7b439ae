public import TensorGraph

/// One graph of the catalogue: a name, operands with their domains, and how the result is built.
///
/// The same case serves finite differences, the agreement of executors, and micro-benchmarks.
public struct OpCase: Sendable, CustomStringConvertible {
  /// A real operand.
  public struct Operand: Sendable {
    /// Whether the graph reads it as an input or as a parameter.
    public enum Source: Sendable {
      case input, parameter
    }

    /// Its extent.
    public let shape: Shape
    /// What ordinary values are drawn from.
    public let domain: ClosedRange<Double>
    /// What planning sees: products by a parameter are planned as dense layers.
    public let source: Source
    /// Whether gradients flow to it; data get none.
    public let isDifferentiable: Bool
    /// Values at the ends of the domain, which must give no NaN; empty: ordinary values.
    public let extremes: [Double]

    /// A graph input.
    public static func input(
      _ shape: Shape, _ domain: ClosedRange<Double> = -2...2, extremes: [Double] = []
    ) -> Operand {
      Operand(
        shape: shape, domain: domain, source: .input, isDifferentiable: true, extremes: extremes)
    }

    /// A parameter.
    public static func parameter(
      _ shape: Shape, _ domain: ClosedRange<Double> = -1...1, extremes: [Double] = []
    ) -> Operand {
      Operand(
        shape: shape, domain: domain, source: .parameter, isDifferentiable: true,
        extremes: extremes)
    }

    /// A graph input without a gradient.
    public static func data(
      _ shape: Shape, _ domain: ClosedRange<Double> = 0...1, extremes: [Double] = []
    ) -> Operand {
      Operand(
        shape: shape, domain: domain, source: .input, isDifferentiable: false, extremes: extremes)
    }
  }

  /// An operand of whole numbers in `0..<levels`.
  public struct Indices: Sendable {
    /// How many.
    public let count: Int
    /// They lie below this.
    public let levels: Int

    /// A list of `count` indices below `levels`.
    public init(_ count: Int, below levels: Int) {
      self.count = count
      self.levels = levels
    }
  }

  /// How far gradients can be checked.
  public enum Gradients: Sendable {
    /// They agree with finite differences.
    case exact
    /// They are defined otherwise than as slopes; executors agree on them.
    case blocked
    /// There are none.
    case none
  }

  /// Builds the result from the real operands, followed by the indices.
  public typealias Builder = @Sendable (inout Graph, [Node]) throws -> Node

  /// Says what is computed, and of what shapes where there are several.
  public let name: String
  /// The real operands.
  public let operands: [Operand]
  /// The operands of whole numbers.
  public let indices: [Indices]
  /// How far gradients can be checked.
  public let gradients: Gradients
  /// Appends the operation.
  public let build: Builder

  /// A case of the catalogue.
  public init(
    _ name: String, _ operands: [Operand], indices: [Indices] = [],
    gradients: Gradients = .exact, build: @escaping Builder
  ) {
    self.name = name
    self.operands = operands
    self.indices = indices
    self.gradients = gradients
    self.build = build
  }

  /// The name.
  public var description: String { name }

  /// Whether gradients are built at all.
  public var differentiable: Bool { gradients != .none }

  /// Whether the case is there for threads and vectors, not for logic; slow in a debug build.
  public var isLarge: Bool { operands.contains { $0.shape.count > 1000 } }
}
