internal import CFusedLoops
import TensorGraph

/// A convolution between pictures of few channels (grey, colour) and pictures of many, which oneDNN
/// would compute with whole blocks of channels on both sides: 3 × 3 at stride 1 and padding 1,
/// without an addend.
struct ThinConvolution {
  /// The pictures of many channels.
  let wide: cvae_pictures
  /// The channels of the others.
  let few: Int
  /// Whether the layer leads from many channels to few.
  let isFromMany: Bool

  /// More channels are left to oneDNN.
  private static let most = 4

  /// Nil where it doesn't serve.
  ///
  /// - Parameters:
  ///   - source: What the layer reads, or its gradient.
  ///   - result: What it writes, or its gradient.
  init?(
    layerFrom source: Node, to result: Node, kernel: Shape, _ window: ConvolutionWindow,
    in lowering: Lowering
  ) {
    let (shape, out) = (lowering.graph.shape(of: source), lowering.graph.shape(of: result))
    let fewest = min(shape.columns, out.columns)
    let many = max(shape.columns, out.columns)
    guard let block = lowering.blockOfOwnLoops(kernel: kernel, window), fewest <= Self.most,
      many % block == 0
    else { return nil }
    isFromMany = out.columns == fewest
    few = fewest
    wide = cvae_pictures(
      batch: shape.dimensions[0], height: shape.dimensions[1], width: shape.dimensions[2],
      channels: many, block: block)
  }
}

extension Lowering {
  private func scratch(_ convolution: ThinConvolution) -> Value {
    temporary(
      count: cvae_thin_scratch(convolution.wide, convolution.few, Int32(session.threads)))
  }

  /// - Parameter turned: Whether `x` is the gradient by what the layer writes, and `result` that by what it reads.
  func lowerThin(
    _ convolution: ThinConvolution, _ x: Value, kernel: Node, bias: Value? = nil,
    activation: UnaryFunction? = nil, result: Value, turned: Bool = false
  ) throws {
    let (weights, scratch) = (try plainKernel(kernel), scratch(convolution))
    let function = cvae_activation(activation)
    let order = cvae_thin_order(from_many: convolution.isFromMany, turned: turned)
    let (wide, few) = (convolution.wide, convolution.few)
    let pass = convolution.isFromMany == turned ? cvae_thin_spread : cvae_thin_gather
    run(isProduct: true) {
      pass(
        wide, few, x.tensor, weights.floats, order, bias?.floats, function, result.tensor,
        scratch.floats, $0)
    }
  }

  func lowerThinByWeights(
    _ convolution: ThinConvolution, _ x: Value, _ upstream: Value, result: Value, bias: Value?
  ) throws {
    let scratch = scratch(convolution)
    let (wide, few, isFromMany) = (convolution.wide, convolution.few, convolution.isFromMany)
    let (many, others) = isFromMany ? (x, upstream) : (upstream, x)
    run(isProduct: true) {
      cvae_thin_correlate(
        wide, few, many.tensor, others.tensor, isFromMany, result.floats, bias?.floats,
        scratch.floats, $0)
    }
  }
}
