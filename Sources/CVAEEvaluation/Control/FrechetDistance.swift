/// The distance of two sets of feature rows, each seen as a Gaussian.
///
/// `|m₁ − m₂|² + tr S₁ + tr S₂ − 2 tr (S₁ S₂)^½`
///
/// With S₁ = L Lᵀ the last trace is the sum of the square roots of the eigenvalues of Lᵀ S₂ L, which
/// is symmetric. Small sets are estimated too far apart, so compare figures of equal sizes only.
///
/// - Source: Heusel et al., *GANs Trained by a Two Time-Scale Update Rule*, 2017, equation 6, in
///   the feature space of this project's own classifier instead of Inception's.
enum FrechetDistance {
  /// Parts that are left out in turn for the standard error.
  static let parts = 10

  /// Between two Gaussians; covariances `[size, size]`, row-major.
  static func distance(
    mean first: [Double], covariance firstCovariance: [Double], mean second: [Double],
    covariance secondCovariance: [Double]
  ) -> Double {
    let size = first.count
    let between = zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    let traces = (0..<size).reduce(0) {
      $0 + firstCovariance[$1 * size + $1] + secondCovariance[$1 * size + $1]
    }
    let factor = choleskyFactor(firstCovariance, size: size)
    let inner = congruence(of: secondCovariance, by: factor, size: size)
    let roots = SymmetricMatrix(size: size, elements: inner).eigenvectors().values
      .reduce(0) { $0 + max(0, $1).squareRoot() }
    return max(0, between + traces - 2 * roots)
  }

  /// Between two sets of rows, `[count, width]`, with the grouped jackknife's standard error: rows
  /// i, i + parts, i + 2 parts … of both sets are left out in turn.
  static func estimate(_ first: [Float], _ second: [Float], width: Int) -> Estimate {
    let whole = [first, second].map { FeatureMoments($0, width: width) }
    let mean = distance(whole[0], whole[1])
    guard whole.allSatisfy({ $0.count >= 2 * parts }) else {
      return Estimate(mean: mean, standardError: nil)
    }
    let withoutEach = (0..<parts).map { part in
      let rest = zip([first, second], whole).map { rows, all in
        let own = stride(from: part, to: rows.count / width, by: parts)
          .flatMap { rows[$0 * width..<($0 + 1) * width] }
        return all.adding(FeatureMoments(own, width: width), sign: -1)
      }
      return distance(rest[0], rest[1])
    }
    return Estimate(mean: mean, standardError: Jackknife.standardError(withoutEach))
  }

  private static func distance(_ first: FeatureMoments, _ second: FeatureMoments) -> Double {
    distance(
      mean: first.mean, covariance: first.covariance, mean: second.mean,
      covariance: second.covariance)
  }

  /// Lower triangular L with L Lᵀ = S; columns without variance of their own stay zero.
  private static func choleskyFactor(_ matrix: [Double], size: Int) -> [Double] {
    let largest = (0..<size).reduce(0) { max($0, matrix[$1 * size + $1]) }
    var factor = [Double](repeating: 0, count: size * size)
    for column in 0..<size {
      for row in column..<size {
        var rest = matrix[row * size + column]
        for index in 0..<column {
          rest -= factor[row * size + index] * factor[column * size + index]
        }
        if row == column {
          guard rest > 1e-12 * largest else { break }
          factor[row * size + column] = rest.squareRoot()
        } else {
          factor[row * size + column] = rest / factor[column * size + column]
        }
      }
    }
    return factor
  }

  /// Lᵀ S L.
  private static func congruence(of matrix: [Double], by factor: [Double], size: Int) -> [Double] {
    let right = product(matrix, factor, size: size)
    var transposed = factor
    for row in 0..<size {
      for column in 0..<size { transposed[column * size + row] = factor[row * size + column] }
    }
    return product(transposed, right, size: size)
  }

  private static func product(_ left: [Double], _ right: [Double], size: Int) -> [Double] {
    var result = [Double](repeating: 0, count: size * size)
    result.withUnsafeMutableBufferPointer { result in
      for row in 0..<size {
        for inner in 0..<size {
          let factor = left[row * size + inner]
          if factor == 0 { continue }
          for column in 0..<size {
            result[row * size + column] += factor * right[inner * size + column]
          }
        }
      }
    }
    return result
  }
}
