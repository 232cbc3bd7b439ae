/// Sums over rows from which their mean and covariance follow, so that rows can be taken away again.
struct FeatureMoments {
  let width: Int
  private(set) var count = 0
  private var sums: [Double]
  /// Σ row · rowᵀ, `[width, width]`.
  private var products: [Double]

  /// No rows.
  init(width: Int) {
    self.width = width
    sums = [Double](repeating: 0, count: width)
    products = [Double](repeating: 0, count: width * width)
  }

  /// The sums of `rows`, `[count, width]`.
  init(_ rows: [Float], width: Int) {
    self.init(width: width)
    count = rows.count / width
    rows.withUnsafeBufferPointer { rows in
      products.withUnsafeMutableBufferPointer { products in
        for row in 0..<count {
          for first in 0..<width {
            let value = Double(rows[row * width + first])
            sums[first] += value
            // Rectified features are often zero.
            if value == 0 { continue }
            for second in 0..<width {
              products[first * width + second] += value * Double(rows[row * width + second])
            }
          }
        }
      }
    }
  }

  /// All rows of both.
  func adding(_ other: FeatureMoments, sign: Double = 1) -> FeatureMoments {
    var result = self
    result.count += (sign > 0 ? 1 : -1) * other.count
    for index in sums.indices { result.sums[index] += sign * other.sums[index] }
    for index in products.indices { result.products[index] += sign * other.products[index] }
    return result
  }

  /// The columns' means.
  var mean: [Double] { sums.map { $0 / Double(max(1, count)) } }

  /// With one less than the number of rows as divisor, `[width, width]`.
  var covariance: [Double] {
    let mean = mean
    let divisor = Double(max(1, count - 1))
    return (0..<width * width).map { index in
      (products[index] - Double(count) * mean[index / width] * mean[index % width]) / divisor
    }
  }
}
