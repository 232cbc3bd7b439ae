@testable import TensorGraph

extension PinnedValue {
  /// `((i · step) mod modulus − 5) / 4` for each element i.
  private static func pattern(_ shape: Shape, _ step: Int, _ modulus: Int) -> Tensor {
    Tensor(shape, (0..<shape.count).map { Double($0 * step % modulus - 5) / 4 })
  }

  private static let pixels = pattern([1, 4, 4, 2], 7, 11)
  private static let few = pattern([1, 2, 2, 2], 3, 7)
  private static let kernel = pattern([3, 3, 2, 2], 5, 13)
  private static let half = ConvolutionWindow(stride: 2, padding: 1)

  /// As PyTorch 2.15 computes them in float64 (conv2d, conv_transpose2d with an output padding of 1,
  /// interpolate without aligned corners, avg_pool2d); the likelihood by SciPy's logistic
  /// distribution.
  static let pictures: [PinnedValue] = [
    PinnedValue(
      "convolution", [pixels, kernel],
      Tensor([1, 2, 2, 2], [2.0625, 3.125, 0.625, 1.375, 0.4375, 0.0625, -2.3125, 1.3125])
    ) { graph, x in try graph.convolution(x[0], x[1], half) },
    PinnedValue(
      "transposedConvolution", [few, kernel],
      Tensor(
        [1, 4, 4, 2],
        [
          0.6875, -2.0625, 0.375, -2.0, -0.5625, 0.625, 1.0, -1.0625, -2.9375, -2.5, -0.8125,
          1.9375, -1.4375, -2.375, -0.875, -0.1875, -0.5, 0.25, 2.375, -3.0625, -0.4375, -0.125,
          1.0, -1.9375, 0.75, -1.75, -1.8125, 0.0625, 0.625, -2.3125, -1.1875, -0.0625,
        ])
    ) { graph, x in try graph.transposedConvolution(x[0], x[1], half, height: 4, width: 4) },
    PinnedValue(
      "upsample bilinear", [few],
      Tensor(
        [1, 4, 4, 2],
        [
          -1.25, -0.5, -0.875, -0.5625, -0.125, -0.6875, 0.25, -0.75, -0.9375, -0.625, -0.671875,
          -0.6875, -0.140625, -0.8125, 0.125, -0.875, -0.3125, -0.875, -0.265625, -0.9375,
          -0.171875, -1.0625, -0.125, -1.125, 0.0, -1.0, -0.0625, -1.0625, -0.1875, -1.1875, -0.25,
          -1.25,
        ])
    ) { graph, x in try graph.upsample(x[0], by: 2, .bilinear) },
    PinnedValue(
      "averagePool", [pixels],
      Tensor([1, 2, 2, 2], [-0.75, 0.3125, 0.75, -0.25, -0.25, 0.125, -0.125, 0.25])
    ) { graph, x in try graph.averagePool(x[0], by: 2) },
    PinnedValue(
      "discretizedLogisticLogLikelihood",
      [
        Tensor([1, 8], [0.3, 0.9, -0.1, 0.5, -2, -4, -1, -6.5]),
        Tensor([1, 4], [0, 1, 51.0 / 255, 127.0 / 255]), Tensor([1, 4], [1, 1, 1, 1]),
      ],
      Tensor([1], [-14.594693351105425])
    ) { graph, x in
      try graph.discretizedLogisticLogLikelihood(parameters: x[0], targets: x[1], weights: x[2])
    },
  ]
}
