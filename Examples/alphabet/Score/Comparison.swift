/// How much two pictures differ.
enum Comparison {
  /// The mean over some characters' pixels of |a − b|.
  static func meanAbsoluteError(
    _ left: [[Float]], _ right: [[Float]], _ characters: [Int]
  ) -> Double {
    var sum = 0.0
    var count = 0
    for character in characters {
      var own: Float = 0
      for (a, b) in zip(left[character], right[character]) { own += abs(a - b) }
      sum += Double(own)
      count += left[character].count
    }
    return sum / Double(count)
  }

  /// The nearest of black and white for each pixel.
  static func median(_ glyph: [Float]) -> [Float] { glyph.map { $0 < 0.5 ? 0 : 1 } }

  /// Structural similarity, the mean over all windows of 8 × 8 pixels of two square pictures in 0…1.
  ///
  /// - Source: Wang, Bovik, Sheikh, Simoncelli, *Image Quality Assessment: From Error Visibility to
  ///   Structural Similarity*, 2004, equation 13 with K₁ = 0.01, K₂ = 0.03.
  static func similarity(_ left: [Float], _ right: [Float], side: Int) -> Double {
    let window = 8
    let count = Float(window * window)
    let (c1, c2): (Float, Float) = (0.0001, 0.0009)
    var total: Float = 0
    for y in 0...(side - window) {
      for x in 0...(side - window) {
        var (a, b, aa, bb, ab): (Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0)
        for row in y..<y + window {
          for index in row * side + x..<row * side + x + window {
            a += left[index]
            b += right[index]
            aa += left[index] * left[index]
            bb += right[index] * right[index]
            ab += left[index] * right[index]
          }
        }
        let (meanA, meanB) = (a / count, b / count)
        let covariance = ab / count - meanA * meanB
        let variances = aa / count - meanA * meanA + bb / count - meanB * meanB
        total +=
          (2 * meanA * meanB + c1) * (2 * covariance + c2)
          / ((meanA * meanA + meanB * meanB + c1) * (variances + c2))
      }
    }
    let places = side - window + 1
    return Double(total) / Double(places * places)
  }

  /// The mean similarity of some characters.
  static func similarity(_ left: [[Float]], _ right: [[Float]], _ characters: [Int]) -> Double {
    let side = Int(Double(left[0].count).squareRoot())
    let sum = characters.reduce(0.0) { $0 + similarity(left[$1], right[$1], side: side) }
    return sum / Double(characters.count)
  }
}
