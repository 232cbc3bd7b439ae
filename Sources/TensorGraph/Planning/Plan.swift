/// A program as instructions: dead code left out, bias, addend and activation fused into the
/// product before them, broadcasts folded into the operations that read them.
public struct Plan: Sendable {
  /// One step of the plan. Its operands are results of earlier steps, or sources.
  public struct Instruction: Sendable {
    /// What to do.
    public let kernel: Kernel
    /// The nodes that are read; in place of a folded broadcast, its operand.
    public let operands: [Node]
    /// What is written.
    public let results: [Node]
  }

  /// What an instruction does.
  public enum Kernel: Hashable, Sendable {
    /// One operation of the graph.
    case operation(Operation)
    /// rows · weight, + bias, + addend, then the activation.
    /// Operands: rows, weight, bias if there is one, addend if there is one.
    case dense(bias: Bool, addend: Bool, activation: UnaryFunction?)
    /// A convolution by a parameter, + bias, + addend, then the activation. Operands: pictures,
    /// weight, bias if there is one, addend if there is one.
    case convolution(
      ConvolutionWindow, bias: Bool, addend: Bool, activation: UnaryFunction?)
    /// rowsᵀ · upstream and the column sums of upstream. Operands: rows, upstream; results: both.
    case weightAndBiasGradient
    /// A convolution's gradient by its weight, and the sums of upstream over all but channels.
    /// Operands: pictures, upstream; results: both.
    case convolutionWeightAndBiasGradient(ConvolutionWindow)
    /// A long short-term memory and its trace. Operands: those of ``Operation/lstm(isReversed:)``; results: both.
    case lstmAndTrace(isReversed: Bool)

    /// Whether it is a matrix product or a convolution.
    var isProduct: Bool {
      switch self {
      case .dense, .convolution, .weightAndBiasGradient, .convolutionWeightAndBiasGradient,
        .lstmAndTrace, .operation(.lstm), .operation(.lstmTrace), .operation(.lstmGradient),
        .operation(.matmul), .operation(.convolution), .operation(.transposedConvolution),
        .operation(.convolutionWeightGradient), .operation(.recordProduct):
        true
      case .operation: false
      }
    }
  }

  /// In the order of execution. Inputs, parameters and constants have none.
  public let instructions: [Instruction]
  /// Nodes that some instruction or the caller reads.
  public let live: Set<Node>

  /// Plans a program.
  public init(_ program: Program) {
    let graph = program.graph
    let roots =
      graph.outputs
      + (program.update.map { $0.gradients.map(\.node) + [$0.loss] } ?? [])
    var fusion = Fusion(graph: graph, roots: roots)
    fusion.fuseLayers()
    fusion.fuseBiasGradients()
    fusion.fuseTraces()
    fusion.foldBroadcasts()
    instructions = fusion.instructions()
    live = Set(instructions.flatMap { $0.operands + $0.results }).union(roots)
  }
}

/// How a broadcast operand is read by an elementwise loop over rows and columns.
public enum BroadcastPattern: Hashable, Sendable {
  /// Every element as it is.
  case full
  /// One number for all.
  case scalar
  /// One row for all rows.
  case row
  /// One number for each row.
  case column

  /// The pattern by which `source` stretches to `target`, nil where it is none of these.
  public init?(from source: Shape, to target: Shape) {
    if source == target {
      self = .full
    } else if source.count == 1 {
      self = .scalar
    } else if source.count == target.columns, source.columns == target.columns {
      self = .row
    } else if source.columns == 1, source.rank == target.rank, source.count == target.rows {
      self = .column
    } else {
      return nil
    }
  }
}
