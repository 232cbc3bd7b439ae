/// Convolutions in `Double`, pixel by pixel.
enum ReferenceConvolution {
  /// Calls `body` with the offsets of every pair of pixels that meet, and of their kernel element:
  /// in the larger pictures, in the smaller ones, and in a kernel `[height, width, …]`.
  private static func visit(
    large: Shape, small: Shape, kernel: (height: Int, width: Int), _ window: ConvolutionWindow,
    _ body: (_ largePixel: Int, _ smallPixel: Int, _ kernelPixel: Int) -> Void
  ) {
    let (height, width) = (large.dimensions[1], large.dimensions[2])
    let (rows, columns) = (small.dimensions[1], small.dimensions[2])
    for picture in 0..<large.dimensions[0] {
      for row in 0..<rows {
        for column in 0..<columns {
          for a in 0..<kernel.height {
            for b in 0..<kernel.width {
              let y = row * window.stride + a - window.padding
              let x = column * window.stride + b - window.padding
              guard (0..<height).contains(y), (0..<width).contains(x) else { continue }
              body(
                (picture * height + y) * width + x, (picture * rows + row) * columns + column,
                a * kernel.width + b)
            }
          }
        }
      }
    }
  }

  private static func kernelSize(_ shape: Shape) -> (height: Int, width: Int) {
    (shape.dimensions[0], shape.dimensions[1])
  }

  static func convolution(
    _ x: Tensor, _ weight: Tensor, _ window: ConvolutionWindow, to target: Shape
  ) -> Tensor {
    var result = Tensor(target, repeating: 0)
    let (inputs, outputs) = (x.shape.columns, target.columns)
    visit(large: x.shape, small: target, kernel: kernelSize(weight.shape), window) {
      pixel, place, element in
      for input in 0..<inputs {
        let factor = x.values[pixel * inputs + input]
        for output in 0..<outputs {
          result.values[place * outputs + output] +=
            factor * weight.values[(element * inputs + input) * outputs + output]
        }
      }
    }
    return result
  }

  static func transposed(
    _ x: Tensor, _ weight: Tensor, _ window: ConvolutionWindow, to target: Shape
  ) -> Tensor {
    var result = Tensor(target, repeating: 0)
    let (inputs, outputs) = (target.columns, x.shape.columns)
    visit(large: target, small: x.shape, kernel: kernelSize(weight.shape), window) {
      pixel, place, element in
      for input in 0..<inputs {
        for output in 0..<outputs {
          result.values[pixel * inputs + input] +=
            x.values[place * outputs + output]
            * weight.values[(element * inputs + input) * outputs + output]
        }
      }
    }
    return result
  }

  static func weightGradient(
    _ x: Tensor, upstream: Tensor, _ window: ConvolutionWindow, to target: Shape
  ) -> Tensor {
    var result = Tensor(target, repeating: 0)
    let (inputs, outputs) = (x.shape.columns, upstream.shape.columns)
    visit(large: x.shape, small: upstream.shape, kernel: kernelSize(target), window) {
      pixel, place, element in
      for input in 0..<inputs {
        let factor = x.values[pixel * inputs + input]
        for output in 0..<outputs {
          result.values[(element * inputs + input) * outputs + output] +=
            factor * upstream.values[place * outputs + output]
        }
      }
    }
    return result
  }
}
