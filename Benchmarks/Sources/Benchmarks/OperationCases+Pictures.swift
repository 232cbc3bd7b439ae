import TensorGraph

extension OperationCase {
  private static let pixels = 28 * 28

  static var convolutions: [OperationCase] {
    let kinds: Set<OperationKind> = [
      .convolution, .transposedConvolution, .convolutionWeightGradient,
    ]
    let square = [(16, 28, 1), (64, 14, 1), (16, 28, 2)].map {
      (channels: Int, side: Int, stride: Int) in
      OperationCase(kinds) { it, elements in
        let x = try it.pictures(elements, side: side, channels: channels)
        let (weight, bias) = (
          it.parameter([3, 3, channels, channels * stride]), it.parameter([channels * stride])
        )
        let window = ConvolutionWindow(stride: stride, padding: 1)
        return try it.convolved(it.graph.add(it.graph.convolution(x, weight, window), bias))
      }
    }
    return square + [
      OperationCase(kinds) { it, elements in
        let x = it.hidden([max(1, elements / pixels / 16), 28, 28, 3])
        let weight = it.parameter([3, 3, 3, 16])
        let result = try it.graph.convolution(x, weight, ConvolutionWindow(padding: 1))
        return try it.convolved(result)
      },
      OperationCase(kinds) { it, elements in
        let (x, weight) = (try it.pictures(elements), it.parameter([3, 3, 16, 3]))
        return try it.graph.convolution(x, weight, ConvolutionWindow(padding: 1))
      },
      OperationCase([.transposedConvolution]) { it, elements in
        let x = try it.pictures(elements / 2, side: 14, channels: 32)
        let weight = it.parameter([4, 4, 16, 32])
        let window = ConvolutionWindow(stride: 2, padding: 1)
        let result = try it.graph.transposedConvolution(x, weight, window, height: 28, width: 28)
        return try it.convolved(result)
      },
    ]
  }

  /// In blocks of 16 channels between convolutions, and in three channels without any.
  static var pictures: [OperationCase] {
    let blocked: [OperationCase] = [
      OperationCase([.upsample, .averagePool]) { it, elements in
        let x = try it.pictures(elements / 4, side: 14)
        return try it.convolved(it.graph.upsample(x, by: 2))
      },
      OperationCase([.upsample, .bilinearGradient]) { it, elements in
        let x = try it.pictures(elements / 4, side: 14)
        return try it.convolved(it.graph.upsample(x, by: 2, .bilinear))
      },
      OperationCase([.upsample, .averagePool]) { it, elements in
        let x = try it.pictures(elements)
        return try it.convolved(it.graph.averagePool(x, by: 2))
      },
      OperationCase([.modulate, .scaleChannels, .pixelProduct, .sum]) { it, elements in
        let x = try it.pictures(elements)
        let batch = it.graph.shape(of: x).dimensions[0]
        let (scale, shift) = (it.hidden([batch, 16]), it.hidden([batch, 16]))
        return try it.convolved(it.graph.modulate(x, scale: scale, shift: shift))
      },
      OperationCase([.reshape]) { it, elements in
        let x = try it.pictures(elements)
        let batch = it.graph.shape(of: x).dimensions[0]
        let rows = try it.graph.reshape(x, [batch, pixels * 16])
        return try it.graph.matmul(rows, it.parameter([pixels * 16, 10]))
      },
      OperationCase([.concatenate, .slice]) { it, elements in
        let (x, y) = (try it.pictures(elements / 2), try it.pictures(elements / 2))
        return try it.convolved(it.graph.concatenate([x, y], axis: 3))
      },
    ]
    let flat: [OperationCase] = [
      OperationCase([.upsample, .averagePool]) { it, elements in
        let x = it.hidden([elements / pixels / 3, 14, 14, 3])
        return try it.graph.upsample(x, by: 2)
      },
      OperationCase([.upsample, .bilinearGradient]) { it, elements in
        let x = it.hidden([elements / pixels / 3, 14, 14, 3])
        return try it.graph.upsample(x, by: 2, .bilinear)
      },
      OperationCase([.modulate, .scaleChannels, .pixelProduct, .sum]) { it, elements in
        let batch = elements / pixels / 3
        let x = it.hidden([batch, 28, 28, 3])
        let (scale, shift) = (it.hidden([batch, 3]), it.hidden([batch, 3]))
        return try it.graph.modulate(x, scale: scale, shift: shift)
      },
    ]
    return blocked + flat
  }
}
