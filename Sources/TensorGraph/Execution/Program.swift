/// What an executor compiles: a graph with the outputs that it declares, and perhaps an update of
/// the parameters.
public struct Program: Sendable {
  /// The computation, its inputs and its outputs.
  public let graph: Graph
  /// How a run changes the parameters; nil for a program that only reads them.
  public let update: ParameterUpdate?
  /// The share of the batch's records that each rank has, by rank; 1 for all of a process alone.
  public let shares: [Double]

  /// A program; declare the graph's outputs and differentiate it before. Two random purposes of the
  /// graph that share their numbers trap: see ``RandomPurposes``.
  public init(graph: Graph, update: ParameterUpdate? = nil, shares: [Double] = [1]) {
    graph.checkPurposes()
    self.graph = graph
    self.update = update
    self.shares = shares
  }

  /// The same where ranks have these shares of the batch.
  public func sharing(_ shares: [Double]) -> Program {
    Program(graph: graph, update: update, shares: shares)
  }
}

/// Adam, and AdamW where the weight decay is decoupled.
///
/// - Sources: Kingma and Ba, *Adam*, 2015, algorithm 1; Loshchilov and Hutter, *Decoupled Weight
///   Decay Regularization*, 2019, algorithm 2.
public struct AdamRule: Hashable, Sendable {
  /// Decay of the gradient's running mean.
  public var beta1: Double
  /// Decay of the squared gradient's running mean.
  public var beta2: Double
  /// Added to the denominator.
  public var epsilon: Double
  /// Strength of the weight decay, 0 for none.
  public var weightDecay: Double
  /// Whether the decay acts on the weights beside the step (AdamW) or is added to the gradient.
  public var decoupled: Bool

  /// The usual settings.
  public init(
    beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
    decoupled: Bool = false
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decoupled = decoupled
  }
}

/// One step of an optimiser at the end of a program.
///
/// Nothing changes when `loss`, or with clipping the gradients' norm, is not finite. Without clipping,
/// elements whose own gradient is not finite keep their values, so that an update can be applied to
/// each parameter as soon as its gradient is known.
public struct ParameterUpdate: Sendable {
  /// A parameter's gradient.
  public struct Gradient: Sendable {
    /// The parameter that changes.
    public let parameter: Parameter
    /// Of the same shape.
    public let node: Node

    /// Pairs a parameter with its gradient.
    public init(_ parameter: Parameter, _ node: Node) {
      self.parameter = parameter
      self.node = node
    }
  }

  /// The rule by which gradients change parameters.
  public let rule: AdamRule
  /// One for each parameter that changes.
  public let gradients: [Gradient]
  /// The scalar that is minimised.
  public let loss: Node
  /// Gradients are scaled down to this global norm; nil leaves them as they are.
  public let clipNorm: Double?

  /// An update by `rule`.
  public init(rule: AdamRule, gradients: [Gradient], loss: Node, clipNorm: Double? = nil) {
    self.rule = rule
    self.gradients = gradients
    self.loss = loss
    self.clipNorm = clipNorm
  }
}

/// The outcome of an update.
public enum UpdateOutcome: Hashable, Sendable {
  /// The parameters changed.
  case applied
  /// The gradients' norm was beyond the session's ``ExecutionSession/largestNorm``, and nothing changed.
  case outlier
  /// The loss was not finite, and nothing changed; or some gradient was not, and its elements kept
  /// their values.
  case refused
}
