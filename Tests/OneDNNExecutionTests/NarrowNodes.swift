import TensorGraph

@testable import OneDNNExecution

/// What a program in bfloat16 rounds to 8 bits: what it keeps so, and what products read.
struct NarrowNodes {
  private(set) var nodes: Set<Node> = []

  init(_ program: Program) {
    let plan = Plan(program)
    let types = TypeChoice(program, plan, precision: .bfloat16).types
    for instruction in plan.instructions {
      let narrow = instruction.results.filter { types[$0.position] == .bfloat16 }
      nodes.formUnion(narrow)
      switch instruction.kernel {
      case .dense(_, let addend, _), .convolution(_, _, let addend, _):
        nodes.formUnion(instruction.operands.prefix(2))
        if addend, !narrow.isEmpty, let last = instruction.operands.last { nodes.insert(last) }
      case .weightAndBiasGradient, .convolutionWeightAndBiasGradient,
        .operation(.matmul), .operation(.convolution), .operation(.transposedConvolution),
        .operation(.convolutionWeightGradient):
        nodes.formUnion(instruction.operands)
      case .operation(.upsample), .operation(.bilinearGradient), .operation(.averagePool):
        if !narrow.isEmpty { nodes.formUnion(instruction.operands) }
      case .lstmAndTrace, .operation(.lstm):
        // The outputs, which each step multiplies by the weight.
        nodes.formUnion(instruction.results.prefix(1))
        nodes.insert(instruction.operands[2])
      case .operation(.lstmGradient):
        nodes.formUnion([instruction.results[0], instruction.operands[1]])
      case .operation: break
      }
    }
  }
}
