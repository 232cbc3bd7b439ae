import TensorGraph

/// What an instruction has to do at least: bytes to move, and for products multiplications and additions.
struct OperationWork {
  let bytes: Int
  /// Of products; 0 for others.
  let flops: Int
  /// How the table names it, with the shapes that it reads and writes.
  let title: String
  /// Whether anything that it reads or writes is bfloat16.
  let isNarrow: Bool

  /// `elementBytes`: of each node of the graph.
  init(_ instruction: Plan.Instruction, in graph: Graph, elementBytes: [Int]) {
    func bytes(_ nodes: some Sequence<Node>) -> Int {
      nodes.reduce(0) { $0 + graph.shape(of: $1).count * elementBytes[$1.position] }
    }
    func names(_ nodes: [Node]) -> String {
      nodes.map { node in
        (elementBytes[node.position] == 2 ? "bf16" : "") + graph.shape(of: node).description
      }.joined(separator: ", ")
    }
    let written = bytes(instruction.results)
    if case .operation(.slice) = instruction.kernel {
      self.bytes = 2 * written  // The rest of the operand isn't read.
    } else {
      self.bytes = bytes(Set(instruction.operands)) + written
    }
    flops = Self.flops(instruction, graph)
    title =
      "\(instruction.kernel.title) \(names(instruction.operands)) → \(names(instruction.results))"
    isNarrow = (instruction.operands + instruction.results).contains {
      elementBytes[$0.position] == 2
    }
  }

  /// Multiplications and additions of the matrix products in a program, by their definition.
  static func flops(of program: Program) -> Double {
    Plan(program).instructions.reduce(0) { $0 + Double(flops($1, program.graph)) }
  }

  private static func flops(_ instruction: Plan.Instruction, _ graph: Graph) -> Int {
    let shapes = instruction.operands.map { graph.shape(of: $0) }
    let result = graph.shape(of: instruction.results[0])
    switch instruction.kernel {
    case .dense, .weightAndBiasGradient, .operation(.matmul):
      return 2 * shapes[0].count / result.dimensions[0] * result.count
    case .convolution, .operation(.convolution): return 2 * result.count * shapes[1].rows
    case .operation(.transposedConvolution): return 2 * shapes[0].count * shapes[1].rows
    case .convolutionWeightAndBiasGradient, .operation(.convolutionWeightGradient):
      return 2 * shapes[1].count * result.rows
    case .lstmAndTrace, .operation(.lstm), .operation(.lstmTrace):
      return 2 * shapes[0].count * shapes[2].rows
    case .operation(.lstmGradient): return 2 * result.count * shapes[1].rows
    case .operation(.recordProduct(.scores, _)): return 2 * shapes[0].columns * result.count
    case .operation(.recordProduct): return 2 * shapes[0].count * shapes[1].columns
    case .operation: return 0
    }
  }
}
