internal import CFusedLoops
internal import COneDNN
import TensorGraph

extension Lowering {
  /// The type of products' operands.
  var narrow: StorageType { session.precision == .bfloat16 ? .bfloat16 : .float32 }

  /// rows · weight + bias + addend, then the activation, as one primitive.
  func lowerDense(
    _ instruction: Plan.Instruction, bias hasBias: Bool, addend hasAddend: Bool,
    activation: UnaryFunction?
  ) throws {
    let node = instruction.results[0]
    let rows = try value(of: instruction.operands[0], as: narrow)
    let bias = hasBias ? try value(of: instruction.operands[2], as: .float32) : nil
    let addend = hasAddend ? instruction.operands[hasBias ? 3 : 2] : nil
    let result = try lowerAddend(addend, into: node)

    let inputs = graph.shape(of: instruction.operands[0]).columns
    let (count, width) = (graph.shape(of: node).rows, graph.shape(of: node).columns)
    let rowsLayout = try Layout.plain(narrow, [count, inputs])
    let biasLayout = try bias.map { _ in try Layout.plain(.float32, [width]) }
    let resultLayout = try Layout.plain(result.type, [count, width])
    let anyWeight = try Layout.any(narrow, [width, inputs])
    let epilogue = cvae_epilogue(
      accumulate: addend != nil, activation: activation?.algorithm ?? dnnl_alg_kind_undef,
      alpha: activation?.slope ?? 0)
    let description = try PrimitiveDescription(engine, "prepare a dense layer") {
      cvae_inner_product_forward(
        $0, engine.handle, rowsLayout.handle, anyWeight.handle, biasLayout?.handle,
        resultLayout.handle, epilogue)
    }
    let weightLayout = try description.layout(dnnl_query_weights_md)
    try adopt(instruction.operands[1], weightLayout)
    let weight = try self.weight(instruction.operands[1], weightLayout)
    emit(
      description, isProduct: true, (DNNL_ARG_SRC, rowsLayout, rows),
      (DNNL_ARG_WEIGHTS, weightLayout, weight), (DNNL_ARG_DST, resultLayout, result),
      (DNNL_ARG_BIAS, biasLayout, bias))
  }

  /// A float32 weight moves once into the layout that its product likes. With bfloat16 products the
  /// gradient's layout is the better home, and is chosen where the gradient is lowered.
  func adopt(_ weight: Node, _ layout: Layout) throws {
    guard narrow == .float32, case .parameter(let name) = graph[weight].operation else { return }
    try session.storage(name).adopt(layout)
  }

  /// A convolution's kernel in row-major order, which becomes its home if it has none yet.
  func plainKernel(_ kernel: Node) throws -> Value {
    guard case .parameter = graph[kernel].operation else {
      return try value(of: kernel, as: .float32)
    }
    let plain = try Layout.plainWeight(.float32, graph.shape(of: kernel))
    try adopt(kernel, plain)
    return try weight(kernel, plain)
  }

  /// The buffer of a layer's result, filled with the addend if there is one; it is the addend's own where nothing
  /// reads that any more, the layer included.
  func lowerAddend(
    _ addend: Node?, into node: Node, mayTakeItsPlace: Bool = true
  ) throws -> Value {
    let arrangement = naturalArrangement(of: node)
    guard let addend else { return define(node, as: nil, arrangement) }
    let value = try value(of: addend, as: type(of: node), arrangement)
    let result = define(node, inPlaceOf: mayTakeItsPlace ? [(addend, value)] : [])
    if case .slot(let old) = value.place, case .slot(let new) = result.place, old === new {
      return result
    }
    let count = graph.shape(of: node).count
    emit { [session] in Command { Loops.convert(value, result, count, session.threads) } }
    return result
  }

  /// rowsᵀ · upstream, and upstream's column sums where `instruction` has them as second result.
  ///
  /// A plain product, row-major: oneDNN's own gradient of a dense layer splits the batch between threads that
  /// then wait for each other within the primitive, by spinning, and is slower too. If a weight is kept in panels,
  /// the optimiser converts between the two orders; see ``UpdateTarget``.
  func lowerWeightGradient(_ instruction: Plan.Instruction) throws {
    let node = instruction.results[0]
    let rows = try value(of: instruction.operands[0], as: narrow)
    let upstream = try value(of: instruction.operands[1], as: narrow)
    let count = graph.shape(of: instruction.operands[1]).rows
    let shape = graph.shape(of: node)
    let rowsLayout = try Layout.plain(narrow, [shape.rows, count], transposed: true)
    let upstreamLayout = try Layout.plain(narrow, [count, shape.columns])
    let resultLayout = try Layout.plain(.float32, shape.dimensions)
    let description = try PrimitiveDescription(engine, "prepare a weight's gradient") {
      cvae_matrix_product(
        $0, engine.handle, rowsLayout.handle, upstreamLayout.handle, resultLayout.handle)
    }
    let result = define(node, as: .float32)
    emit(
      description, isProduct: true, (DNNL_ARG_SRC, rowsLayout, rows),
      (DNNL_ARG_WEIGHTS, upstreamLayout, upstream), (DNNL_ARG_DST, resultLayout, result))
    if narrow == .bfloat16 { gradientHomes[node] = try gradientHome(shape, batch: count) }
    if instruction.results.count == 2 {
      let bias = define(instruction.results[1], as: .float32)
      run { cvae_sum_columns(upstream.tensor, bias.floats, count, shape.columns, $0) }
    }
  }

  /// The float32 layout of a weight whose pairs of rows, interleaved, are what bfloat16 products read.
  private func gradientHome(_ shape: Shape, batch: Int) throws -> Layout {
    let rows = try Layout.plain(narrow, [batch, shape.rows])
    let upstream = try Layout.plain(narrow, [batch, shape.columns])
    let weight = try Layout.anyWeight(.float32, shape)
    let description = try PrimitiveDescription(engine, "choose a weight's layout") {
      cvae_inner_product_backward_weights(
        $0, engine.handle, rows.handle, weight.handle, nil, upstream.handle)
    }
    return try description.layout(dnnl_query_diff_weights_md)
  }

  /// upstream · weightᵀ: the gradient by a dense layer's rows.
  private func lowerRowsGradient(_ instruction: Plan.Instruction) throws {
    let node = instruction.results[0]
    let upstream = try value(of: instruction.operands[0], as: narrow)
    let (count, width) = (
      graph.shape(of: instruction.operands[0]).rows,
      graph.shape(of: instruction.operands[0]).columns
    )
    let inputs = graph.shape(of: node).columns
    let result = define(node)
    let upstreamLayout = try Layout.plain(narrow, [count, width])
    let resultLayout = try Layout.plain(result.type, [count, inputs])
    if narrow == .float32, inputs <= 32, width > 1024 {
      // oneDNN 2.6.3's own primitive reads address 0 on several threads.
      let weightLayout = try Layout.plain(narrow, [width, inputs], transposed: true)
      let weight = try self.weight(
        instruction.operands[1], .plainWeight(narrow, graph.shape(of: instruction.operands[1])))
      let description = try PrimitiveDescription(engine, "prepare a layer's gradient") {
        cvae_matrix_product(
          $0, engine.handle, upstreamLayout.handle, weightLayout.handle, resultLayout.handle)
      }
      emit(
        description, isProduct: true, (DNNL_ARG_SRC, upstreamLayout, upstream),
        (DNNL_ARG_WEIGHTS, weightLayout, weight), (DNNL_ARG_DST, resultLayout, result))
      return
    }
    let anyWeight = try Layout.any(narrow, [width, inputs])
    let description = try PrimitiveDescription(engine, "prepare a layer's gradient") {
      cvae_inner_product_backward_data(
        $0, engine.handle, resultLayout.handle, anyWeight.handle, upstreamLayout.handle)
    }
    let weightLayout = try description.layout(dnnl_query_weights_md)
    let weight = try self.weight(instruction.operands[1], weightLayout)
    emit(
      description, isProduct: true, (DNNL_ARG_DIFF_SRC, resultLayout, result),
      (DNNL_ARG_WEIGHTS, weightLayout, weight), (DNNL_ARG_DIFF_DST, upstreamLayout, upstream))
  }

  /// A product that is no dense layer's own.
  func lowerProduct(
    _ instruction: Plan.Instruction, transposeLeft: Bool, transposeRight: Bool
  ) throws {
    if transposeLeft, !transposeRight { return try lowerWeightGradient(instruction) }
    if !transposeLeft, transposeRight, case .parameter = graph[instruction.operands[1]].operation {
      return try lowerRowsGradient(instruction)
    }
    let left = try value(of: instruction.operands[0], as: narrow)
    let right = try value(of: instruction.operands[1], as: narrow)
    let node = instruction.results[0]
    let result = define(node)
    let (rows, columns) = (graph.shape(of: node).rows, graph.shape(of: node).columns)
    let inner = graph.shape(of: instruction.operands[0]).dimensions[transposeLeft ? 0 : 1]
    let leftLayout = try Layout.plain(narrow, [rows, inner], transposed: transposeLeft)
    let rightLayout = try Layout.plain(narrow, [inner, columns], transposed: transposeRight)
    let resultLayout = try Layout.plain(result.type, [rows, columns])
    let description = try PrimitiveDescription(engine, "prepare a matrix product") {
      cvae_matrix_product(
        $0, engine.handle, leftLayout.handle, rightLayout.handle, resultLayout.handle)
    }
    emit(
      description, isProduct: true, (DNNL_ARG_SRC, leftLayout, left),
      (DNNL_ARG_WEIGHTS, rightLayout, right), (DNNL_ARG_DST, resultLayout, result))
  }
}

extension UnaryFunction {
  /// oneDNN's name for an activation that can follow a product in the same primitive.
  var algorithm: dnnl_alg_kind_t {
    switch self {
    case .relu, .leakyRelu: dnnl_eltwise_relu
    case .tanh: dnnl_eltwise_tanh
    case .sigmoid: dnnl_eltwise_logistic
    case .negate, .exp, .log, .squareRoot, .square, .silu, .softplus:
      preconditionFailure("\(self) is not fused into products.")
    }
  }

  /// The parameter of a leaky activation.
  var slope: Float {
    if case .leakyRelu(let slope) = self { Float(slope) } else { 0 }
  }
}
