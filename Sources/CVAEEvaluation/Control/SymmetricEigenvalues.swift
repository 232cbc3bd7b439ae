/// Eigenvalues of a symmetric matrix without their vectors, many times faster than Jacobi's rotations.
///
/// - Source: Golub and Van Loan, *Matrix Computations*, 4th edition, sections 8.3.1 (Householder's
///   reduction to three diagonals) and 8.3.3 (implicit QL steps).
enum SymmetricEigenvalues {
  /// All eigenvalues, in no order; `matrix` `[size, size]`.
  static func values(of matrix: [Double], size: Int) -> [Double] {
    var (diagonal, beside) = tridiagonal(matrix, size: size)
    for first in 0..<size {
      for _ in 0..<60 {
        let last = blockEnd(from: first, diagonal, beside)
        if last == first { break }
        step(first, last, &diagonal, &beside)
      }
    }
    return diagonal
  }

  /// The diagonal, and beside it `size` numbers of which the last is 0.
  private static func tridiagonal(_ matrix: [Double], size: Int) -> ([Double], [Double]) {
    var work = matrix
    for column in stride(from: 0, to: size - 2, by: 1) {
      let rows = column + 1..<size
      var mirror = rows.map { work[$0 * size + column] }
      let below = mirror.dropFirst().reduce(0) { $0 + $1 * $1 }
      if below == 0 { continue }
      let length = (mirror[0] * mirror[0] + below).squareRoot()
      let kept = mirror[0] > 0 ? -length : length
      mirror[0] -= kept
      let factor = 2 / (mirror[0] * mirror[0] + below)
      work[(column + 1) * size + column] = kept
      var image = rows.map { row in
        factor * rows.reduce(0) { $0 + work[row * size + $1] * mirror[$1 - column - 1] }
      }
      let overlap = factor / 2 * zip(image, mirror).reduce(0) { $0 + $1.0 * $1.1 }
      for index in image.indices { image[index] -= overlap * mirror[index] }
      for row in rows {
        let (own, other) = (mirror[row - column - 1], image[row - column - 1])
        for inner in rows {
          work[row * size + inner] -=
            own * image[inner - column - 1] + other * mirror[inner - column - 1]
        }
      }
    }
    let diagonal = (0..<size).map { work[$0 * size + $0] }
    let beside = (0..<size).map { $0 + 1 < size ? work[($0 + 1) * size + $0] : 0 }
    return (diagonal, beside)
  }

  /// The last row that is still joined with `first`.
  private static func blockEnd(from first: Int, _ diagonal: [Double], _ beside: [Double]) -> Int {
    var last = first
    while last + 1 < diagonal.count {
      let scale = abs(diagonal[last]) + abs(diagonal[last + 1])
      if abs(beside[last]) <= Double.ulpOfOne * scale { break }
      last += 1
    }
    return last
  }

  /// One QL step with Wilkinson's shift on rows `first` to `last`.
  private static func step(
    _ first: Int, _ last: Int, _ diagonal: inout [Double], _ beside: inout [Double]
  ) {
    let slope = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first])
    let root = (slope * slope + 1).squareRoot()
    var chased =
      diagonal[last] - diagonal[first] + beside[first] / (slope + (slope < 0 ? -root : root))
    var (sine, cosine, moved) = (1.0, 1.0, 0.0)
    for row in stride(from: last - 1, through: first, by: -1) {
      let bulge = sine * beside[row]
      let rest = cosine * beside[row]
      let length = (bulge * bulge + chased * chased).squareRoot()
      beside[row + 1] = length
      if length == 0 {
        diagonal[row + 1] -= moved
        beside[last] = 0
        return
      }
      sine = bulge / length
      cosine = chased / length
      let shifted = diagonal[row + 1] - moved
      let turned = (diagonal[row] - shifted) * sine + 2 * cosine * rest
      moved = sine * turned
      diagonal[row + 1] = shifted + moved
      chased = cosine * turned - rest
    }
    diagonal[first] -= moved
    beside[first] = chased
    beside[last] = 0
  }
}
