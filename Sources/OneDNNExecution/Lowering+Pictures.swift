internal import CFusedLoops
internal import COneDNN
import TensorGraph

extension Lowering {
  /// Pictures in the order that primitives read them.
  private func picture(_ node: Node, as type: StorageType) throws -> Value {
    try value(of: node, as: type, naturalArrangement(of: node))
  }

  /// Pictures in that order, in whatever type there is.
  private func picture(_ node: Node) throws -> Value {
    try value(of: node, naturalArrangement(of: node))
  }

  private func definePicture(_ node: Node) -> Value {
    define(node, as: nil, naturalArrangement(of: node))
  }

  /// The layout that a convolution is offered: the natural one, or, for pictures whose channels fill
  /// no blocks, whatever it likes.
  private func offeredLayout(_ node: Node, as type: StorageType) throws -> Layout {
    let shape = graph.shape(of: node)
    if naturalArrangement(of: node) == .blocked || session.pictureBlock == nil {
      let block = naturalArrangement(of: node) == .blocked ? session.pictureBlock : nil
      return try .pictures(type, shape, block: block)
    }
    return try .any(type, [0, 3, 1, 2].map { shape.dimensions[$0] })
  }

  /// Pictures in the layout that a convolution chose.
  private func picture(_ node: Node, in layout: Layout, as type: StorageType) throws -> Value {
    let value = try picture(node, as: type)
    let own = try pictureLayout(node, value)
    if own == layout { return value }
    return try copied(value, from: own, to: layout)
  }

  /// Runs `emitProduct` on a buffer in the layout that a convolution chose for `result`, and brings
  /// it back to `result`'s own.
  private func delivering(
    _ node: Node, _ result: Value, in layout: Layout, _ emitProduct: (Value) throws -> Void
  ) throws {
    let own = try pictureLayout(node, result)
    if own == layout { return try emitProduct(result) }
    let buffer = buffer(layout, result.type)
    try emitProduct(buffer)
    try emitReorder(buffer, layout, result, own)
  }

  // MARK: Convolutions

  /// Convolution + bias + addend, then the activation, in one pass.
  func lowerConvolution(
    _ instruction: Plan.Instruction, _ window: ConvolutionWindow, bias hasBias: Bool,
    addend hasAddend: Bool, activation: UnaryFunction?
  ) throws {
    let node = instruction.results[0]
    let (source, kernel) = (instruction.operands[0], instruction.operands[1])
    let bias = hasBias ? try value(of: instruction.operands[2], as: .float32) : nil
    let addend = hasAddend ? instruction.operands[hasBias ? 3 : 2] : nil
    if let convolution = WinogradConvolution(
      from: source, to: node, kernel: graph.shape(of: kernel), window, in: self)
    {
      let added = try addend.map { (node: $0, value: try picture($0, as: type(of: node))) }
      let x = try picture(source, as: narrow)
      // What the kernel still moves over can't be written over.
      let free = [added].compactMap { $0 }.filter { $0.node != source }
      return try lowerWinograd(
        convolution, x, kernel: kernel, bias: bias, addend: added?.value,
        activation: activation, result: define(node, inPlaceOf: free))
    }
    let result = try lowerAddend(addend, into: node, mayTakeItsPlace: addend != source)
    if addend == nil,
      let convolution = ThinConvolution(
        layerFrom: source, to: node, kernel: graph.shape(of: kernel), window, in: self)
    {
      return try lowerThin(
        convolution, picture(source), kernel: kernel, bias: bias, activation: activation,
        result: result)
    }
    let offered = (
      x: try offeredLayout(source, as: narrow),
      // An addend lies in the result's own layout.
      result: addend == nil
        ? try offeredLayout(node, as: result.type) : try pictureLayout(node, result)
    )
    let biasLayout = try bias.map { _ in try Layout.plain(.float32, [graph.shape(of: node).columns])
    }
    let anyWeight = try Layout.anyWeight(narrow, graph.shape(of: kernel))
    let epilogue = cvae_epilogue(
      accumulate: addend != nil, activation: activation?.algorithm ?? dnnl_alg_kind_undef,
      alpha: activation?.slope ?? 0)
    let description = try PrimitiveDescription(engine, "prepare a convolution") {
      cvae_convolution_forward(
        $0, engine.handle, offered.x.handle, anyWeight.handle, biasLayout?.handle,
        offered.result.handle, window.code, epilogue)
    }
    let xLayout = try description.layout(dnnl_query_src_md)
    let resultLayout = try description.layout(dnnl_query_dst_md)
    let weightLayout = try description.layout(dnnl_query_weights_md)
    try adopt(kernel, weightLayout)
    let weight = try self.weight(kernel, weightLayout)
    let x = try picture(source, in: xLayout, as: narrow)
    try delivering(node, result, in: resultLayout) { result in
      emit(
        description, isProduct: true, (DNNL_ARG_SRC, xLayout, x),
        (DNNL_ARG_WEIGHTS, weightLayout, weight), (DNNL_ARG_DST, resultLayout, result),
        (DNNL_ARG_BIAS, biasLayout, bias))
    }
  }

  /// The gradient of a convolution by its pictures.
  func lowerTransposedConvolution(
    _ node: Node, _ operands: [Node], _ window: ConvolutionWindow
  ) throws {
    let result = definePicture(node)
    if let convolution = WinogradConvolution(
      from: operands[0], to: node, kernel: graph.shape(of: operands[1]), window, in: self)
    {
      return try lowerWinogradByPictures(
        convolution, picture(operands[0], as: narrow), kernel: operands[1], result: result)
    }
    if let convolution = ThinConvolution(
      layerFrom: node, to: operands[0], kernel: graph.shape(of: operands[1]), window, in: self)
    {
      return try lowerThin(
        convolution, picture(operands[0]), kernel: operands[1], result: result, turned: true)
    }
    let offered = (
      upstream: try offeredLayout(operands[0], as: narrow),
      result: try offeredLayout(node, as: result.type)
    )
    let anyWeight = try Layout.anyWeight(narrow, graph.shape(of: operands[1]))
    let description = try PrimitiveDescription(engine, "prepare a convolution's gradient") {
      cvae_convolution_backward_data(
        $0, engine.handle, offered.result.handle, anyWeight.handle, offered.upstream.handle,
        window.code)
    }
    let upstreamLayout = try description.layout(dnnl_query_diff_dst_md)
    let resultLayout = try description.layout(dnnl_query_diff_src_md)
    let weightLayout = try description.layout(dnnl_query_weights_md)
    let weight = try self.weight(operands[1], weightLayout)
    let upstream = try picture(operands[0], in: upstreamLayout, as: narrow)
    try delivering(node, result, in: resultLayout) { result in
      emit(
        description, isProduct: true, (DNNL_ARG_DIFF_SRC, resultLayout, result),
        (DNNL_ARG_WEIGHTS, weightLayout, weight), (DNNL_ARG_DIFF_DST, upstreamLayout, upstream))
    }
  }

  /// The gradient by the kernel, and by the bias where `instruction` has it as second result.
  func lowerConvolutionWeightGradient(
    _ instruction: Plan.Instruction, _ window: ConvolutionWindow
  ) throws {
    let node = instruction.results[0]
    let bias = instruction.results.dropFirst().first.map { define($0, as: .float32) }
    let (source, upstreamNode) = (instruction.operands[0], instruction.operands[1])
    if let convolution = WinogradConvolution(
      from: source, to: upstreamNode, kernel: graph.shape(of: node), window, in: self)
    {
      return try lowerWinogradByWeights(
        convolution, picture(source, as: narrow), picture(upstreamNode, as: narrow),
        result: define(node, as: .float32), bias: bias)
    }
    if let convolution = ThinConvolution(
      layerFrom: source, to: upstreamNode, kernel: graph.shape(of: node), window, in: self)
    {
      return try lowerThinByWeights(
        convolution, picture(source), picture(upstreamNode), result: define(node, as: .float32),
        bias: bias)
    }
    let offered = (
      x: try offeredLayout(source, as: narrow),
      upstream: try offeredLayout(upstreamNode, as: narrow)
    )
    let anyWeight = try Layout.anyWeight(.float32, graph.shape(of: node))
    let biasLayout = try bias.map { _ in try Layout.plain(.float32, [graph.shape(of: node).columns])
    }
    let description = try PrimitiveDescription(engine, "prepare a kernel's gradient") {
      cvae_convolution_backward_weights(
        $0, engine.handle, offered.x.handle, anyWeight.handle, biasLayout?.handle,
        offered.upstream.handle, window.code)
    }
    let xLayout = try description.layout(dnnl_query_src_md)
    let upstreamLayout = try description.layout(dnnl_query_diff_dst_md)
    let x = try picture(source, in: xLayout, as: narrow)
    let upstream = try picture(upstreamNode, in: upstreamLayout, as: narrow)
    let layout = try description.layout(dnnl_query_diff_weights_md)
    let result = define(node, layout: layout, type: .float32)
    emit(
      description, isProduct: true, (DNNL_ARG_SRC, xLayout, x),
      (DNNL_ARG_DIFF_WEIGHTS, layout, result), (DNNL_ARG_DIFF_DST, upstreamLayout, upstream),
      (DNNL_ARG_DIFF_BIAS, biasLayout, bias))
  }

  // MARK: Resampling

  func lowerUpsample(_ node: Node, _ operands: [Node], _ method: UpsamplingMethod) throws {
    let result = definePicture(node)
    let x = try picture(operands[0], as: result.type)
    let (small, large) = (try pictureLayout(operands[0], x), try pictureLayout(node, result))
    let description = try PrimitiveDescription(engine, "prepare an enlargement") {
      cvae_resampling($0, engine.handle, method.algorithm, false, small.handle, large.handle)
    }
    emit(description, (DNNL_ARG_SRC, small, x), (DNNL_ARG_DST, large, result))
  }

  func lowerBilinearGradient(_ node: Node, _ operands: [Node]) throws {
    let result = definePicture(node)
    let upstream = try picture(operands[0], as: result.type)
    let small = try pictureLayout(node, result)
    let large = try pictureLayout(operands[0], upstream)
    let description = try PrimitiveDescription(engine, "prepare an enlargement's gradient") {
      cvae_resampling(
        $0, engine.handle, UpsamplingMethod.bilinear.algorithm, true, small.handle, large.handle)
    }
    emit(description, (DNNL_ARG_DIFF_DST, large, upstream), (DNNL_ARG_DIFF_SRC, small, result))
  }

  func lowerAveragePool(_ node: Node, _ operands: [Node], factor: Int) throws {
    let result = definePicture(node)
    let x = try picture(operands[0], as: result.type)
    let (large, small) = (try pictureLayout(operands[0], x), try pictureLayout(node, result))
    let description = try PrimitiveDescription(engine, "prepare a pooling") {
      cvae_average_pooling($0, engine.handle, Int64(factor), large.handle, small.handle)
    }
    emit(description, (DNNL_ARG_SRC, large, x), (DNNL_ARG_DST, small, result))
  }

  // MARK: Channels

  /// How loops over channels see pictures: see `cvae_modulate`.
  private func groups(_ shape: Shape, _ node: Node) -> (count: Int, pixels: Int, channels: Int) {
    let block = naturalArrangement(of: node) == .blocked ? session.pictureBlock : nil
    let channels = block ?? shape.columns
    let pixels = shape.dimensions[1] * shape.dimensions[2]
    return (shape.count / (pixels * channels), pixels, channels)
  }

  /// x · (1 + scale) + shift, or without a shift.
  func lowerModulate(_ node: Node, _ operands: [Node]) throws {
    let x = try picture(operands[0])
    let scale = try value(of: operands[1], as: .float32)
    let shift = operands.count == 3 ? try value(of: operands[2], as: .float32) : nil
    let result = define(node, inPlaceOf: [(operands[0], x)])
    let (count, pixels, channels) = groups(graph.shape(of: node), node)
    run {
      cvae_modulate(
        x.tensor, scale.floats, shift?.floats, result.tensor, count, pixels, channels, $0)
    }
  }

  /// Σ x · y over each channel's pixels, or Σ x.
  func lowerPixelSum(_ node: Node, _ operands: [Node]) throws {
    let x = try picture(operands[0])
    let y = operands.count == 2 ? try picture(operands[1]) : nil
    let result = define(node, as: .float32)
    let (count, pixels, channels) = groups(graph.shape(of: operands[0]), operands[0])
    run {
      let other = y?.tensor ?? cvae_tensor(data: nil, type: CVAE_FLOAT32)
      cvae_sum_pixels(x.tensor, other, result.floats, count, pixels, channels, $0)
    }
  }
}

extension ConvolutionWindow {
  fileprivate var code: cvae_window { cvae_window(stride: Int64(stride), padding: Int64(padding)) }
}

extension UpsamplingMethod {
  fileprivate var algorithm: dnnl_alg_kind_t {
    switch self {
    case .nearest: dnnl_resampling_nearest
    case .bilinear: dnnl_resampling_linear
    }
  }
}
