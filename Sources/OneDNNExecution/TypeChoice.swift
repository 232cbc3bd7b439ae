import TensorGraph

/// Chooses the type in which each node is kept. With bfloat16 products, nodes that only products and
/// activations read are kept in bfloat16, so that producers write them in one pass; all others are float32.
struct TypeChoice {
  private(set) var types: [StorageType]

  init(_ program: Program, _ plan: Plan, precision: Precision) {
    let graph = program.graph
    types = graph.entries.map { $0.elementType == .index ? .index : .float32 }
    guard precision == .bfloat16 else { return }

    var narrow = [Bool](repeating: true, count: types.count)
    var isRead = [Bool](repeating: false, count: types.count)
    for output in graph.outputs { narrow[output.position] = false }
    if let update = program.update {
      narrow[update.loss.position] = false
      for gradient in update.gradients { narrow[gradient.node.position] = false }
    }
    for instruction in plan.instructions.reversed() {
      let results = instruction.results.map { result in
        Self.canBeNarrow(instruction.kernel) && isRead[result.position] && narrow[result.position]
      }
      for (result, isNarrow) in zip(instruction.results, results) {
        if isNarrow, graph[result].elementType == .real { types[result.position] = .bfloat16 }
      }
      let resultIsNarrow = results.first ?? false
      for (place, operand) in instruction.operands.enumerated() {
        isRead[operand.position] = true
        if !Self.readsNarrow(instruction.kernel, place, resultIsNarrow: resultIsNarrow) {
          narrow[operand.position] = false
        }
      }
    }
  }

  private static func canBeNarrow(_ kernel: Plan.Kernel) -> Bool {
    switch kernel {
    case .dense, .convolution: true
    case .lstmAndTrace: true
    case .weightAndBiasGradient, .convolutionWeightAndBiasGradient: false
    case .operation(let operation):
      switch operation {
      case .matmul(transposeLeft: true, transposeRight: false): false
      case .matmul, .convolution, .transposedConvolution, .upsample, .bilinearGradient,
        .averagePool, .modulate, .scaleChannels, .gather, .lstm, .lstmGradient, .unary,
        .unaryGradient, .binary,
        .bernoulliLogLikelihoodGradient,
        .categoricalLogLikelihoodGradient:
        true
      default: false
      }
    }
  }

  /// Whether an instruction reads its operand at `place` as well in bfloat16.
  private static func readsNarrow(
    _ kernel: Plan.Kernel, _ place: Int, resultIsNarrow: Bool
  ) -> Bool {
    switch kernel {
    case .dense(let bias, _, _), .convolution(_, let bias, _, _):
      place == 0 || (place == (bias ? 3 : 2) && resultIsNarrow)
    case .weightAndBiasGradient, .convolutionWeightAndBiasGradient: true
    case .lstmAndTrace: place == 0
    case .operation(let operation):
      switch operation {
      case .matmul, .convolution, .transposedConvolution, .convolutionWeightGradient,
        .pixelProduct, .unaryGradient, .scatterAdd:
        true
      case .modulate, .scaleChannels, .lstm: place == 0
      case .upsample, .bilinearGradient, .averagePool: resultIsNarrow
      case .sum(axes: [1, 2]): true
      case .unary(.relu), .unary(.leakyRelu), .unary(.silu), .unary(.tanh): true
      default: false
      }
    }
  }
}
