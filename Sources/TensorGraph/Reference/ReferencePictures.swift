/// Resampling and modulation of pictures in `Double`.
enum ReferencePictures {
  /// The known pixels behind one of an enlarged axis, with their weights.
  private static func sources(
    _ pixel: Int, factor: Int, extent: Int, _ method: UpsamplingMethod
  ) -> [(pixel: Int, weight: Double)] {
    switch method {
    case .nearest: return [(pixel / factor, 1)]
    case .bilinear:
      let place = (Double(pixel) + 0.5) / Double(factor) - 0.5
      let lower = Int(place.rounded(.down))
      let share = place - Double(lower)
      return [
        (min(max(lower, 0), extent - 1), 1 - share),
        (min(max(lower + 1, 0), extent - 1), share),
      ]
    }
  }

  /// Calls `body` for every pair of a small and an enlarged element that belong together.
  private static func visit(
    small: Shape, factor: Int, _ method: UpsamplingMethod,
    _ body: (_ small: Int, _ large: Int, _ weight: Double) -> Void
  ) {
    let extents = small.dimensions
    let (rows, columns, channels) = (extents[1], extents[2], extents[3])
    for picture in 0..<extents[0] {
      for y in 0..<rows * factor {
        for x in 0..<columns * factor {
          for down in sources(y, factor: factor, extent: rows, method) {
            for across in sources(x, factor: factor, extent: columns, method) {
              let from = ((picture * rows + down.pixel) * columns + across.pixel) * channels
              let to = ((picture * rows * factor + y) * columns * factor + x) * channels
              for channel in 0..<channels {
                body(from + channel, to + channel, down.weight * across.weight)
              }
            }
          }
        }
      }
    }
  }

  static func upsample(
    _ x: Tensor, factor: Int, _ method: UpsamplingMethod, to target: Shape
  ) -> Tensor {
    var result = Tensor(target, repeating: 0)
    visit(small: x.shape, factor: factor, method) { small, large, weight in
      result.values[large] += weight * x.values[small]
    }
    return result
  }

  static func bilinearGradient(_ upstream: Tensor, factor: Int, to target: Shape) -> Tensor {
    var result = Tensor(target, repeating: 0)
    visit(small: target, factor: factor, .bilinear) { small, large, weight in
      result.values[small] += weight * upstream.values[large]
    }
    return result
  }

  static func averagePool(_ x: Tensor, factor: Int, to target: Shape) -> Tensor {
    var result = Tensor(target, repeating: 0)
    let share = 1 / Double(factor * factor)
    visit(small: target, factor: factor, .nearest) { small, large, _ in
      result.values[small] += share * x.values[large]
    }
    return result
  }

  /// The place of an element's picture and channel in a matrix `[batch, channels]`.
  private static func row(_ index: Int, of shape: Shape) -> Int {
    let channels = shape.columns
    let pixels = shape.dimensions[1] * shape.dimensions[2]
    return index / (pixels * channels) * channels + index % channels
  }

  static func modulate(_ x: Tensor, scale: Tensor, shift: Tensor?) -> Tensor {
    var result = x
    for index in x.values.indices {
      let place = row(index, of: x.shape)
      result.values[index] =
        x.values[index] * (1 + scale.values[place]) + (shift?.values[place] ?? 0)
    }
    return result
  }

  static func pixelProduct(_ x: Tensor, _ y: Tensor, to target: Shape) -> Tensor {
    var result = Tensor(target, repeating: 0)
    for index in x.values.indices {
      result.values[row(index, of: x.shape)] += x.values[index] * y.values[index]
    }
    return result
  }
}
