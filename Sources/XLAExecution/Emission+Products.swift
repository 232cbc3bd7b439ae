import TensorGraph

/// Products of matrices, in the precision of the session, and convolutions.
extension Emission {
  /// As products read it.
  mutating func narrowed(_ x: HLOValue) -> HLOValue {
    precision == .bfloat16 ? builder.convert(x, to: .bf16) : x
  }

  mutating func product(
    _ x: HLOValue, _ y: HLOValue, contracting: (Int, Int)
  ) -> HLOValue {
    builder.dot(narrowed(x), narrowed(y), contracting: contracting)
  }

  mutating func convolution(
    _ x: HLOValue, _ kernel: HLOValue, _ window: ConvolutionWindow, _ shape: Shape
  ) -> HLOValue {
    let padding = [window.padding, window.padding]
    return convolution(
      x, kernel, "[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]", stride: window.stride,
      padding: [padding, padding], shape)
  }

  /// Its transpose: pictures with zeros between their pixels under the kernel turned round.
  mutating func transposedConvolution(
    _ x: HLOValue, _ kernel: HLOValue, _ window: ConvolutionWindow, _ shape: Shape
  ) -> HLOValue {
    let padding = (0..<2).map { axis in
      let size = kernel.extents[axis]
      let low = size - 1 - window.padding
      let spread = (x.extents[axis + 1] - 1) * window.stride + 1
      return [low, shape.dimensions[axis + 1] + size - 1 - spread - low]
    }
    return convolution(
      x, kernel, "[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]", padding: padding,
      spread: window.stride, isTurned: true, shape)
  }

  /// By its kernel: pictures under upstream with zeros between its pixels; channels take the part of the batch.
  mutating func convolutionWeightGradient(
    _ x: HLOValue, _ upstream: HLOValue, _ window: ConvolutionWindow, _ shape: Shape
  ) -> HLOValue {
    let padding = (0..<2).map { axis in
      let spread = (upstream.extents[axis + 1] - 1) * window.stride + 1
      return [
        window.padding,
        shape.dimensions[axis] - 1 + spread - x.extents[axis + 1] - window.padding,
      ]
    }
    return convolution(
      x, upstream, "[f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f]", padding: padding,
      kernelSpread: window.stride, shape)
  }

  private mutating func convolution(
    _ x: HLOValue, _ kernel: HLOValue, _ letters: String, stride: Int = 1, padding: [[Int]],
    spread: Int = 1, kernelSpread: Int = 1, isTurned: Bool = false, _ shape: Shape
  ) -> HLOValue {
    let (left, right) = (narrowed(x), narrowed(kernel))
    let level = precision == .bfloat16 ? "DEFAULT" : "HIGHEST"
    return builder.append(
      "stablehlo.convolution(\(left.name), \(right.name)) dim_numbers = \(letters), window = "
        + "{stride = [\(stride), \(stride)], pad = \(padding), lhs_dilate = [\(spread), \(spread)], "
        + "rhs_dilate = [\(kernelSpread), \(kernelSpread)], reverse = [\(isTurned), \(isTurned)]} "
        + "{batch_group_count = 1 : i64, feature_group_count = 1 : i64, precision_config = "
        + "[#stablehlo<precision \(level)>, #stablehlo<precision \(level)>]}",
      [left, right], shape.dimensions, .f32)
  }
}
