/// How a convolution's kernel moves over a picture: the same along both axes.
public struct ConvolutionWindow: Hashable, Sendable {
  /// Pixels from one place of the kernel to the next.
  public let stride: Int
  /// Rows and columns of zeros on each side.
  public let padding: Int

  /// A window; the stride is at least 1, the padding at least 0.
  public init(stride: Int = 1, padding: Int = 0) {
    precondition(stride >= 1 && padding >= 0, "A stride is at least 1, a padding at least 0.")
    self.stride = stride
    self.padding = padding
  }

  /// What an extent becomes under a kernel of `kernel` pixels; nil where the kernel doesn't fit.
  func reduced(_ extent: Int, kernel: Int) -> Int? {
    let room = extent + 2 * padding - kernel
    return room >= 0 ? room / stride + 1 : nil
  }
}

extension Graph {
  /// Two-dimensional convolution (cross-correlation, as everywhere in the field).
  ///
  /// `result[n, i, j, o] = Σ x[n, i·stride + a − padding, j·stride + b − padding, c] · weight[a, b, c, o]`
  ///
  /// - Shapes: `x` `[batch, height, width, in]`, `weight` `[kernelHeight, kernelWidth, in, out]`;
  ///   result `[batch, (height + 2·padding − kernelHeight)/stride + 1, …, out]`, rounded down.
  /// - Throws: ``ShapeMismatch`` when they don't fit.
  public mutating func convolution(
    _ x: Node, _ weight: Node, _ window: ConvolutionWindow = ConvolutionWindow()
  ) throws(ShapeMismatch) -> Node {
    let (source, kernel) = (shape(of: x), shape(of: weight))
    guard source.rank == 4, kernel.rank == 4, source.columns == kernel.dimensions[2],
      let height = window.reduced(source.dimensions[1], kernel: kernel.dimensions[0]),
      let width = window.reduced(source.dimensions[2], kernel: kernel.dimensions[1])
    else {
      throw ShapeMismatch(
        "convolution",
        expected:
          "pictures [batch, height, width, in] and a kernel [height, width, in, out] inside",
        actual: source, kernel)
    }
    return append(
      .convolution(window), [x, weight],
      shape: [source.dimensions[0], height, width, kernel.columns])
  }

  /// Transposed convolution: the gradient of a convolution by its operand, used as a layer that
  /// enlarges. Also called deconvolution.
  ///
  /// - Shapes: `x` `[batch, h, w, in]`, `weight` `[kernelHeight, kernelWidth, out, in]`, that of
  ///   the convolution whose transpose this is; result `[batch, height, width, out]`, where the
  ///   convolution takes `height` to `h` and `width` to `w`.
  /// - Throws: ``ShapeMismatch`` when they don't fit.
  /// - Source: Dumoulin and Visin, *A Guide to Convolution Arithmetic for Deep Learning*, 2016.
  public mutating func transposedConvolution(
    _ x: Node, _ weight: Node, _ window: ConvolutionWindow, height: Int, width: Int
  ) throws(ShapeMismatch) -> Node {
    let (source, kernel) = (shape(of: x), shape(of: weight))
    guard source.rank == 4, kernel.rank == 4, source.columns == kernel.columns,
      window.reduced(height, kernel: kernel.dimensions[0]) == source.dimensions[1],
      window.reduced(width, kernel: kernel.dimensions[1]) == source.dimensions[2]
    else {
      throw ShapeMismatch(
        "transposedConvolution",
        expected: "pictures [batch, h, w, in] and a kernel [height, width, out, in] that takes "
          + "\(height) × \(width) to h × w", actual: source, kernel)
    }
    return append(
      .transposedConvolution(window, height: height, width: width), [x, weight],
      shape: [source.dimensions[0], height, width, kernel.dimensions[2]])
  }

  mutating func convolutionWeightGradient(
    _ x: Node, upstream: Node, _ window: ConvolutionWindow, kernel: Shape
  ) -> Node {
    append(
      .convolutionWeightGradient(
        window, height: kernel.dimensions[0], width: kernel.dimensions[1]),
      [x, upstream], shape: kernel)
  }
}

enum ConvolutionGradient {
  /// By the pictures: the transposed convolution of upstream; by the weight: pictures against
  /// upstream.
  static func convolution(
    _ graph: inout Graph, _ x: Node, _ weight: Node, _ window: ConvolutionWindow, upstream: Node
  ) throws(ShapeMismatch) -> [Node?] {
    let source = graph.shape(of: x).dimensions
    return [
      try graph.transposedConvolution(
        upstream, weight, window, height: source[1], width: source[2]),
      graph.convolutionWeightGradient(
        x, upstream: upstream, window, kernel: graph.shape(of: weight)),
    ]
  }

  /// The same with the parts of operand and upstream exchanged.
  static func transposed(
    _ graph: inout Graph, _ x: Node, _ weight: Node, _ window: ConvolutionWindow, upstream: Node
  ) -> [Node?] {
    [
      graph.append(.convolution(window), [upstream, weight], shape: graph.shape(of: x)),
      graph.convolutionWeightGradient(
        upstream, upstream: x, window, kernel: graph.shape(of: weight)),
    ]
  }
}
