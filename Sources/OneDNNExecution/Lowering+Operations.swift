internal import CFusedLoops
import TensorGraph

extension Lowering {
  func lower(_ instruction: Plan.Instruction) throws {
    switch instruction.kernel {
    case .dense(let bias, let addend, let activation):
      try lowerDense(instruction, bias: bias, addend: addend, activation: activation)
    case .convolution(let window, let bias, let addend, let activation):
      try lowerConvolution(
        instruction, window, bias: bias, addend: addend, activation: activation)
    case .weightAndBiasGradient: try lowerWeightGradient(instruction)
    case .convolutionWeightAndBiasGradient(let window):
      try lowerConvolutionWeightGradient(instruction, window)
    case .lstmAndTrace(let isReversed): try lowerLSTM(instruction, isReversed: isReversed)
    case .operation(let operation): try lower(operation, instruction)
    }
  }

  /// The table of operations.
  private func lower(_ operation: Operation, _ instruction: Plan.Instruction) throws {
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
    case .unary(let function): try lowerUnary(node, operands, function)
    case .unaryGradient(let function): try lowerUnaryGradient(node, operands, function)
    case .binary(let function): try lowerBinary(node, operands, function)
    case .broadcast: try lowerBroadcast(node, operands)
    case .stopGradient:
      alias(node, to: try value(of: operands[0], naturalArrangement(of: node)))
    case .acrossRanks(let statistic): try lowerAcrossRanks(node, operands, statistic)
    case .reshape: alias(node, to: try value(of: operands[0]))
    case .convolution(let window):
      try lowerConvolution(instruction, window, bias: false, addend: false, activation: nil)
    case .transposedConvolution(let window, _, _):
      try lowerTransposedConvolution(node, operands, window)
    case .convolutionWeightGradient(let window, _, _):
      try lowerConvolutionWeightGradient(instruction, window)
    case .upsample(_, let method): try lowerUpsample(node, operands, method)
    case .bilinearGradient: try lowerBilinearGradient(node, operands)
    case .averagePool(let factor): try lowerAveragePool(node, operands, factor: factor)
    case .modulate, .scaleChannels: try lowerModulate(node, operands)
    case .pixelProduct: try lowerPixelSum(node, operands)
    case .matmul(let left, let right):
      try lowerProduct(instruction, transposeLeft: left, transposeRight: right)
    case .transpose(let order): try lowerTranspose(node, operands, order)
    case .concatenate(let axis): try lowerConcatenate(node, operands, axis)
    case .slice(let axis, let start, _): try lowerSlice(node, operands, axis, start)
    case .pad(let axis, let before, _): try lowerPad(node, operands, axis, before)
    case .sum(let axes): try lowerSum(node, operands, axes)
    case .maximum:
      try lowerRows(node, operands) { x, y, shape, threads in
        cvae_maximum_rows(x[0].floats, y.floats, shape.rows, shape.columns, threads)
      }
    case .gather:
      try lowerRows(node, operands, over: node) { x, y, shape, threads in
        cvae_gather(x[0].floats, x[1].indices, y.tensor, shape.rows, shape.columns, threads)
      }
    case .jointIndex(let columns):
      let steps = operands.map { graph.shape(of: $0).count > 1 ? 1 : 0 }
      try lowerRows(node, operands, over: node) { x, y, shape, _ in
        for row in 0..<shape.count {
          y.indices[row] =
            x[0].indices[row * steps[0]] * Int32(columns) + x[1].indices[row * steps[1]]
        }
      }
    case .scatterAdd(let levels):
      try lowerRows(node, operands, asStored: true) { x, y, shape, threads in
        cvae_scatter_add(
          x[0].tensor, x[1].indices, y.floats, shape.rows, shape.columns, levels, threads)
      }
    case .lstm(let isReversed), .lstmTrace(let isReversed):
      try lowerLSTM(instruction, isReversed: isReversed)
    case .lstmGradient(let isReversed):
      try lowerLSTMGradient(instruction, isReversed: isReversed)
    case .recordProduct(let product, let batch):
      try lowerRecordProduct(node, operands, product, batch: batch)
    case .maskedSoftmax: try lowerMaskedSoftmax(node, operands)
    case .matchingSum: try lowerMatchingSum(node, operands)
    case .matchingSumGradient: try lowerMatchingSumGradient(node, operands)
    case .levelSums: try lowerLevelSums(node, operands)
    case .softmax, .logSoftmax:
      let isLog = operation == .logSoftmax
      try lowerRows(node, operands) { x, y, shape, threads in
        cvae_softmax(x[0].floats, y.floats, shape.rows, shape.columns, isLog, threads)
      }
    case .normalizeRows(let epsilon):
      try lowerRows(node, operands) { x, y, shape, threads in
        cvae_normalize_rows(
          x[0].floats, y.floats, shape.rows, shape.columns, Float(epsilon), threads)
      }
    case .normalizeRowsGradient(let epsilon):
      try lowerRows(node, operands) { x, y, shape, threads in
        cvae_normalize_rows_gradient(
          x[0].floats, x[1].floats, y.floats, shape.rows, shape.columns, Float(epsilon), threads)
      }
    case .bernoulliLogLikelihood:
      try lowerRows(node, operands) { x, y, shape, threads in
        cvae_bernoulli(x[0].floats, x[1].floats, y.floats, shape.rows, shape.columns, threads)
      }
    case .bernoulliLogLikelihoodGradient:
      try lowerRows(node, operands) { x, y, shape, threads in
        cvae_bernoulli_gradient(
          x[0].floats, x[1].floats, x[2].floats, y.tensor, shape.rows, shape.columns, threads)
      }
    case .gaussianLogLikelihood:
      try lowerRows(node, operands) { x, y, shape, threads in
        cvae_gaussian(
          x[0].floats, x[1].floats[0], x[2].floats, y.floats, shape.rows, shape.columns, threads)
      }
    case .categoricalLogLikelihood:
      try lowerRows(node, operands) { x, y, shape, threads in
        cvae_categorical(x[0].floats, x[1].indices, y.floats, shape.rows, shape.columns, threads)
      }
    case .categoricalLogLikelihoodGradient:
      try lowerRows(node, operands) { x, y, shape, threads in
        cvae_categorical_gradient(
          x[0].floats, x[1].indices, x[2].floats, y.tensor, shape.rows, shape.columns, threads)
      }
    case .discretizedLogisticLogLikelihood:
      try lowerRows(node, operands, over: operands[1]) { x, y, shape, threads in
        cvae_discretized_logistic(
          x[0].floats, x[1].floats, x[2].floats, y.floats, shape.rows, shape.columns, threads)
      }
    case .discretizedLogisticLogLikelihoodGradient:
      try lowerRows(node, operands, over: operands[1]) { x, y, shape, threads in
        cvae_discretized_logistic_gradient(
          x[0].floats, x[1].floats, x[2].floats, x[3].floats, y.floats, shape.rows, shape.columns,
          threads)
      }
    case .gaussianMixtureLogLikelihood:
      let components = mixtureComponents(operands[0], over: operands[1])
      try lowerRows(node, operands, over: operands[1]) { x, y, shape, threads in
        cvae_gaussian_mixture(
          x[0].floats, x[1].floats, x[2].floats, y.floats, shape.rows, shape.columns, components,
          threads)
      }
    case .gaussianMixtureLogLikelihoodGradient:
      let components = mixtureComponents(operands[0], over: operands[1])
      try lowerRows(node, operands, over: operands[1]) { x, y, shape, threads in
        cvae_gaussian_mixture_gradient(
          x[0].floats, x[1].floats, x[2].floats, x[3].floats, y.floats, shape.rows, shape.columns,
          components, threads)
      }
    case .gaussianDivergence:
      try lowerRows(node, operands) { x, y, shape, threads in
        cvae_gaussian_divergence(
          x[0].floats, x[1].floats, x[2].floats, x[3].floats, y.floats, shape.count, threads)
      }
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
}

// MARK: Elementwise

extension Lowering {
  private func lowerUnary(_ node: Node, _ operands: [Node], _ function: UnaryFunction) throws {
    let x = try value(of: operands[0], naturalArrangement(of: node))
    let result = define(node, inPlaceOf: [(operands[0], x)])
    let count = graph.shape(of: node).count
    run { cvae_unary(function.code, function.slope, x.tensor, result.tensor, count, $0) }
  }

  private func lowerUnaryGradient(
    _ node: Node, _ operands: [Node], _ function: UnaryFunction
  ) throws {
    let arrangement = naturalArrangement(of: node)
    let x = try value(of: operands[0], arrangement)
    let upstream = try value(of: operands[1], arrangement)
    let result = define(node, inPlaceOf: [(operands[1], upstream), (operands[0], x)])
    let count = graph.shape(of: node).count
    run {
      cvae_unary_gradient(
        function.code, function.slope, x.tensor, upstream.tensor, result.tensor, count, $0)
    }
  }

  private func lowerBinary(
    _ node: Node, _ operands: [Node], _ function: BinaryFunction
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
      ? define(node, inPlaceOf: [(operands[0], x), (operands[1], y)])
      : define(node, as: nil, arrangement)
    let (rows, columns) = (shape.rows, shape.columns)
    run {
      cvae_binary(
        function.code, x.tensor, left.code, y.tensor, right.code, result.tensor, rows, columns, $0)
    }
  }
}

// MARK: Row-wise

extension Lowering {
  /// Adds one loop that reads operands and writes `node`, all of them row-major.
  ///
  /// - Parameters:
  ///   - other: The node whose rows the loop follows; nil for the first operand.
  ///   - asStored: Whether the loop reads numbers in any type, not only in float32.
  ///   - loop: Called at each run with the operands, the result, and the shape of that node.
  func lowerRows(
    _ node: Node, _ operands: [Node], over other: Node? = nil, asStored: Bool = false,
    _ loop: @escaping (_ x: [Value], _ y: Value, _ shape: Shape, _ threads: Int32) -> Void
  ) throws {
    let x = try operands.map { operand in
      let isIndex = graph[operand].elementType == .index
      return try asStored || isIndex ? value(of: operand) : value(of: operand, as: .float32)
    }
    let y = define(node)
    let shape = graph.shape(of: other ?? operands[0])
    run { loop(x, y, shape, $0) }
  }

  /// How many Gaussians a mixture's parameters hold for each of `values`' columns.
  func mixtureComponents(_ parameters: Node, over values: Node) -> Int {
    graph.shape(of: parameters).columns / (3 * graph.shape(of: values).columns)
  }
}
