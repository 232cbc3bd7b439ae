internal import CFusedLoops
import TensorGraph

extension Lowering {
  func lower(_ instruction: Plan.Instruction, index: Int) throws {
    switch instruction.kernel {
    case .dense(let bias, let addend, let activation):
      try lowerDense(
        instruction, bias: bias, addend: addend, activation: activation, index: index)
    case .convolution(let window, let bias, let addend, let activation):
      try lowerConvolution(
        instruction, window, bias: bias, addend: addend, activation: activation, index: index)
    case .weightAndBiasGradient: try lowerWeightGradient(instruction)
    case .convolutionWeightAndBiasGradient(let window):
      try lowerConvolutionWeightGradient(instruction, window)
    case .operation(let operation): try lower(operation, instruction, index: index)
    }
  }

  /// The table of operations.
  private func lower(
    _ operation: Operation, _ instruction: Plan.Instruction, index: Int
  ) throws {
    let operands = instruction.operands
    let node = instruction.results[0]
    switch operation {
    case .input, .indexInput, .parameter, .constant:
      preconditionFailure("Sources are made where they are read.")
    case .normal(let purpose): try lowerNormal(node, operands, purpose)
    case .uniform(let purpose): try lowerUniform(node, operands, purpose)
    case .dropoutMask(let purpose, let rate):
      try lowerDropoutMask(node, operands, purpose, rate: rate)
    case .bernoulliSample(let purpose): try lowerBernoulliSample(node, operands, purpose)
    case .categoricalSample(let purpose): try lowerCategoricalSample(node, operands, purpose)
    case .gaussianMixtureSample(let purpose): try lowerMixtureSample(node, operands, purpose)
    case .unary(let function): try lowerUnary(node, operands, function, index)
    case .unaryGradient(let function): try lowerUnaryGradient(node, operands, function, index)
    case .binary(let function): try lowerBinary(node, operands, function, index)
    case .broadcast: try lowerBroadcast(node, operands)
    case .stopGradient:
      alias(node, to: try value(of: operands[0], naturalArrangement(of: node)))
    case .reshape: alias(node, to: try value(of: operands[0]))
    case .convolution(let window):
      try lowerConvolution(
        instruction, window, bias: false, addend: false, activation: nil, index: index)
    case .transposedConvolution(let window, _, _):
      try lowerTransposedConvolution(node, operands, window)
    case .convolutionWeightGradient(let window, _, _):
      try lowerConvolutionWeightGradient(instruction, window)
    case .upsample(let factor, let method):
      try lowerUpsample(node, operands, factor: factor, method)
    case .bilinearGradient: try lowerBilinearGradient(node, operands)
    case .averagePool(let factor): try lowerAveragePool(node, operands, factor: factor)
    case .modulate: try lowerModulate(node, operands, index)
    case .scaleChannels: try lowerModulate(node, operands, index)
    case .pixelProduct: try lowerPixelSum(node, operands)
    case .matmul(let left, let right):
      try lowerProduct(instruction, transposeLeft: left, transposeRight: right)
    case .transpose(let order): try lowerTranspose(node, operands, order)
    case .concatenate(let axis): try lowerConcatenate(node, operands, axis)
    case .slice(let axis, let start, _): try lowerSlice(node, operands, axis, start)
    case .pad(let axis, let before, _): try lowerPad(node, operands, axis, before)
    case .sum(let axes): try lowerSum(node, operands, axes)
    case .maximum: try lowerMaximum(node, operands)
    case .gather: try lowerGather(node, operands)
    case .scatterAdd(let levels): try lowerScatterAdd(node, operands, levels)
    case .softmax: try lowerSoftmax(node, operands, logarithm: false)
    case .logSoftmax: try lowerSoftmax(node, operands, logarithm: true)
    case .normalizeRows(let epsilon): try lowerNormalizeRows(node, operands, epsilon)
    case .normalizeRowsGradient(let epsilon):
      try lowerNormalizeRowsGradient(node, operands, epsilon)
    case .bernoulliLogLikelihood: try lowerBernoulli(node, operands)
    case .bernoulliLogLikelihoodGradient: try lowerBernoulliGradient(node, operands)
    case .gaussianLogLikelihood: try lowerGaussian(node, operands)
    case .categoricalLogLikelihood: try lowerCategorical(node, operands)
    case .categoricalLogLikelihoodGradient: try lowerCategoricalGradient(node, operands)
    case .discretizedLogisticLogLikelihood: try lowerLogistic(node, operands)
    case .discretizedLogisticLogLikelihoodGradient: try lowerLogisticGradient(node, operands)
    case .gaussianMixtureLogLikelihood: try lowerMixture(node, operands)
    case .gaussianMixtureLogLikelihoodGradient: try lowerMixtureGradient(node, operands)
    case .gaussianDivergence: try lowerDivergence(node, operands, index)
    }
  }

  /// Adds a command that needs nothing but pointers.
  func run(isProduct: Bool = false, _ body: @escaping (_ threads: Int32) -> Void) {
    let threads = Int32(session.threads)
    emit { Command(isProduct: isProduct) { body(threads) } }
  }

  /// Numbers that only the present instruction uses.
  func temporary(count: Int) -> Value {
    Value(place: .slot(makeSlot(bytes: count * 4)), type: .float32, arrangement: .rowMajor)
  }

  func floats(_ nodes: [Node]) throws -> [Value] {
    try nodes.map { try value(of: $0, as: .float32) }
  }
}

// MARK: Elementwise

extension Lowering {
  private func lowerUnary(
    _ node: Node, _ operands: [Node], _ function: UnaryFunction, _ index: Int
  ) throws {
    let x = try value(of: operands[0], naturalArrangement(of: node))
    let result = define(node, inPlaceOf: [(operands[0], x)], at: index)
    let count = graph.shape(of: node).count
    run { cvae_unary(function.code, function.slope, x.tensor, result.tensor, count, $0) }
  }

  private func lowerUnaryGradient(
    _ node: Node, _ operands: [Node], _ function: UnaryFunction, _ index: Int
  ) throws {
    let arrangement = naturalArrangement(of: node)
    let x = try value(of: operands[0], arrangement)
    let upstream = try value(of: operands[1], arrangement)
    let result = define(
      node, inPlaceOf: [(operands[1], upstream), (operands[0], x)], at: index)
    let count = graph.shape(of: node).count
    run {
      cvae_unary_gradient(
        function.code, function.slope, x.tensor, upstream.tensor, result.tensor, count, $0)
    }
  }

  private func lowerBinary(
    _ node: Node, _ operands: [Node], _ function: BinaryFunction, _ index: Int
  ) throws {
    let shape = graph.shape(of: node)
    guard let left = BroadcastPattern(from: graph.shape(of: operands[0]), to: shape),
      let right = BroadcastPattern(from: graph.shape(of: operands[1]), to: shape)
    else { preconditionFailure("Planning folds only patterns that loops can follow.") }
    // Rows and columns stretch over row-major pictures alone.
    let isFlat = [left, right].allSatisfy { $0 == .full || $0 == .scalar }
    let arrangement = isFlat ? naturalArrangement(of: node) : .rowMajor
    let x = try value(of: operands[0], left == .full ? arrangement : .rowMajor)
    let y = try value(of: operands[1], right == .full ? arrangement : .rowMajor)
    let result =
      arrangement == naturalArrangement(of: node)
      ? define(node, inPlaceOf: [(operands[0], x), (operands[1], y)], at: index)
      : define(node, as: nil, arrangement)
    let (rows, columns) = (shape.rows, shape.columns)
    run {
      cvae_binary(
        function.code, x.tensor, left.code, y.tensor, right.code, result.tensor, rows, columns, $0)
    }
  }

  private func lowerDivergence(_ node: Node, _ operands: [Node], _ index: Int) throws {
    let parts = try floats(operands)
    let result = define(node)
    let count = graph.shape(of: node).count
    run {
      cvae_gaussian_divergence(
        parts[0].floats, parts[1].floats, parts[2].floats, parts[3].floats, result.floats, count,
        $0)
    }
  }
}

// MARK: Row-wise

extension Lowering {
  private func lowerGather(_ node: Node, _ operands: [Node]) throws {
    let table = try value(of: operands[0], as: .float32)
    let indices = try value(of: operands[1])
    let result = define(node)
    let shape = graph.shape(of: node)
    run {
      cvae_gather(
        table.floats, indices.indices, result.tensor, shape.rows, shape.columns, $0)
    }
  }

  private func lowerScatterAdd(_ node: Node, _ operands: [Node], _ levels: Int) throws {
    let rows = try value(of: operands[0])
    let indices = try value(of: operands[1])
    let result = define(node)
    let shape = graph.shape(of: operands[0])
    run {
      cvae_scatter_add(
        rows.tensor, indices.indices, result.floats, shape.rows, shape.columns, levels, $0)
    }
  }

  private func lowerSoftmax(_ node: Node, _ operands: [Node], logarithm: Bool) throws {
    let x = try value(of: operands[0], as: .float32)
    let result = define(node)
    let shape = graph.shape(of: node)
    run {
      cvae_softmax(x.floats, result.floats, shape.rows, shape.columns, logarithm, $0)
    }
  }

  private func lowerNormalizeRows(
    _ node: Node, _ operands: [Node], _ epsilon: Double
  ) throws {
    let x = try value(of: operands[0], as: .float32)
    let result = define(node)
    let shape = graph.shape(of: node)
    run {
      cvae_normalize_rows(
        x.floats, result.floats, shape.rows, shape.columns, Float(epsilon), $0)
    }
  }

  private func lowerNormalizeRowsGradient(
    _ node: Node, _ operands: [Node], _ epsilon: Double
  ) throws {
    let parts = try floats(operands)
    let result = define(node)
    let shape = graph.shape(of: node)
    run {
      cvae_normalize_rows_gradient(
        parts[0].floats, parts[1].floats, result.floats, shape.rows, shape.columns,
        Float(epsilon), $0)
    }
  }

  private func lowerBernoulli(_ node: Node, _ operands: [Node]) throws {
    let parts = try floats(operands)
    let result = define(node)
    let shape = graph.shape(of: operands[0])
    run {
      cvae_bernoulli(
        parts[0].floats, parts[1].floats, result.floats, shape.rows, shape.columns, $0)
    }
  }

  private func lowerBernoulliGradient(_ node: Node, _ operands: [Node]) throws {
    let parts = try floats(operands)
    let result = define(node)
    let shape = graph.shape(of: node)
    run {
      cvae_bernoulli_gradient(
        parts[0].floats, parts[1].floats, parts[2].floats, result.tensor, shape.rows,
        shape.columns, $0)
    }
  }

  private func lowerGaussian(_ node: Node, _ operands: [Node]) throws {
    let parts = try floats(operands)
    let result = define(node)
    let shape = graph.shape(of: operands[0])
    run {
      cvae_gaussian(
        parts[0].floats, parts[1].floats[0], parts[2].floats, result.floats, shape.rows,
        shape.columns, $0)
    }
  }

  private func lowerLogistic(_ node: Node, _ operands: [Node]) throws {
    let parts = try floats(operands)
    let result = define(node)
    let shape = graph.shape(of: operands[1])
    run {
      cvae_discretized_logistic(
        parts[0].floats, parts[1].floats, parts[2].floats, result.floats, shape.rows,
        shape.columns, $0)
    }
  }

  private func lowerLogisticGradient(_ node: Node, _ operands: [Node]) throws {
    let parts = try floats(operands)
    let result = define(node)
    let shape = graph.shape(of: operands[1])
    run {
      cvae_discretized_logistic_gradient(
        parts[0].floats, parts[1].floats, parts[2].floats, parts[3].floats, result.floats,
        shape.rows, shape.columns, $0)
    }
  }

  private func lowerMixture(_ node: Node, _ operands: [Node]) throws {
    let parts = try floats(operands)
    let result = define(node)
    let shape = graph.shape(of: operands[1])
    let components = graph.shape(of: operands[0]).columns / (3 * shape.columns)
    run {
      cvae_gaussian_mixture(
        parts[0].floats, parts[1].floats, parts[2].floats, result.floats, shape.rows,
        shape.columns, components, $0)
    }
  }

  private func lowerMixtureGradient(_ node: Node, _ operands: [Node]) throws {
    let parts = try floats(operands)
    let result = define(node)
    let shape = graph.shape(of: operands[1])
    let components = graph.shape(of: operands[0]).columns / (3 * shape.columns)
    run {
      cvae_gaussian_mixture_gradient(
        parts[0].floats, parts[1].floats, parts[2].floats, parts[3].floats, result.floats,
        shape.rows, shape.columns, components, $0)
    }
  }

  private func lowerCategorical(_ node: Node, _ operands: [Node]) throws {
    let logits = try value(of: operands[0], as: .float32)
    let indices = try value(of: operands[1])
    let result = define(node)
    let shape = graph.shape(of: operands[0])
    run {
      cvae_categorical(
        logits.floats, indices.indices, result.floats, shape.rows, shape.columns, $0)
    }
  }

  private func lowerCategoricalGradient(_ node: Node, _ operands: [Node]) throws {
    let logits = try value(of: operands[0], as: .float32)
    let indices = try value(of: operands[1])
    let upstream = try value(of: operands[2], as: .float32)
    let result = define(node)
    let shape = graph.shape(of: node)
    run {
      cvae_categorical_gradient(
        logits.floats, indices.indices, upstream.floats, result.tensor, shape.rows,
        shape.columns, $0)
    }
  }
}
