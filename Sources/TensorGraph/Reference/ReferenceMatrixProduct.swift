/// The matrix product in `Double`.
enum ReferenceMatrixProduct {
  static func matmul(
    _ left: Tensor, _ right: Tensor, transposeLeft: Bool, transposeRight: Bool
  ) -> Tensor {
    let rows = left.shape.dimensions[transposeLeft ? 1 : 0]
    let inner = left.shape.dimensions[transposeLeft ? 0 : 1]
    let columns = right.shape.dimensions[transposeRight ? 0 : 1]
    // Steps in memory: along the result's row or column, and along the summed axis.
    let (leftRow, leftInner) = transposeLeft ? (1, rows) : (inner, 1)
    let (rightInner, rightColumn) = transposeRight ? (1, inner) : (columns, 1)
    var result = [Double](repeating: 0, count: rows * columns)
    left.values.withUnsafeBufferPointer { left in
      right.values.withUnsafeBufferPointer { right in
        for row in 0..<rows {
          for place in 0..<inner {
            let factor = left[row * leftRow + place * leftInner]
            for column in 0..<columns {
              result[row * columns + column] +=
                factor * right[place * rightInner + column * rightColumn]
            }
          }
        }
      }
    }
    return Tensor([rows, columns], result)
  }
}
