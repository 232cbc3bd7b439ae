internal import CFusedLoops
import TensorGraph

/// A convolution that Winograd's algorithm computes with a quarter of the products.
///
/// It serves 3 × 3 kernels at stride 1 and padding 1, where both sides' channels fill blocks and there are enough
/// tiles of 4 × 4 pixels that transforming the kernels doesn't count. With bfloat16 pictures its products are
/// float32 all the same: a quarter of the products at half the speed.
struct WinogradConvolution {
  /// The pictures that come in.
  let pictures: cvae_pictures
  /// The channels that go out.
  let outputs: Int

  /// Fewer tiles are left to oneDNN: see Documentation/Decisions/0010.
  private static let fewestTiles = 32

  /// Nil where it doesn't serve.
  init?(
    from source: Node, to result: Node, kernel: Shape, _ window: ConvolutionWindow,
    in lowering: Lowering
  ) {
    let (shape, out) = (lowering.graph.shape(of: source), lowering.graph.shape(of: result))
    guard let block = lowering.blockOfOwnLoops(kernel: kernel, window),
      shape.columns % block == 0, out.columns % block == 0
    else { return nil }
    let (batch, height, width) = (shape.dimensions[0], shape.dimensions[1], shape.dimensions[2])
    guard batch * ((height + 3) / 4) * ((width + 3) / 4) >= Self.fewestTiles else { return nil }
    pictures = cvae_pictures(
      batch: batch, height: height, width: width, channels: shape.columns, block: block)
    outputs = out.columns
  }
}

extension Lowering {
  /// The blocks of channels in which the project's own convolutions, Winograd's and those of few channels, find
  /// pictures; nil where a convolution isn't of the one kind that they compute.
  func blockOfOwnLoops(kernel: Shape, _ window: ConvolutionWindow) -> Int? {
    guard window.stride == 1, window.padding == 1,
      Array(kernel.dimensions.prefix(2)) == [3, 3], let block = session.pictureBlock,
      block == 8 || block == 16
    else { return nil }
    return block
  }

  private func scratch(_ convolution: WinogradConvolution) -> Value {
    temporary(
      count: cvae_winograd_scratch(
        convolution.pictures, convolution.outputs, Int32(session.threads)))
  }

  /// `addend` lies as the result does, and may be the result.
  func lowerWinograd(
    _ convolution: WinogradConvolution, _ x: Value, kernel: Node, bias: Value?, addend: Value?,
    activation: UnaryFunction?, result: Value
  ) throws {
    let (weights, scratch) = (try plainKernel(kernel), scratch(convolution))
    let function = cvae_activation(activation)
    run(isProduct: true) {
      let added = addend?.tensor ?? cvae_tensor(data: nil, type: result.tensor.type)
      cvae_winograd(
        convolution.pictures, x.tensor, weights.floats, bias?.floats, added, function,
        result.tensor, convolution.outputs, scratch.floats, $0)
    }
  }

  /// The gradient by the pictures; `convolution` leads from the upstream gradient to the result.
  func lowerWinogradByPictures(
    _ convolution: WinogradConvolution, _ upstream: Value, kernel: Node, result: Value
  ) throws {
    let (weights, scratch) = (try plainKernel(kernel), scratch(convolution))
    run(isProduct: true) {
      cvae_winograd_by_pictures(
        convolution.pictures, upstream.tensor, weights.floats, result.tensor,
        convolution.outputs, scratch.floats, $0)
    }
  }

  func lowerWinogradByWeights(
    _ convolution: WinogradConvolution, _ x: Value, _ upstream: Value, result: Value, bias: Value?
  ) throws {
    let scratch = scratch(convolution)
    run(isProduct: true) {
      cvae_winograd_by_weights(
        convolution.pictures, x.tensor, upstream.tensor, result.floats, bias?.floats,
        convolution.outputs, scratch.floats, $0)
    }
  }
}
