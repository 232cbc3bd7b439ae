/// A symmetric matrix, for its eigenvalues or eigenvectors.
struct SymmetricMatrix {
  let size: Int
  /// Row-major; both halves are kept.
  private(set) var elements: [Double]

  /// A matrix of zeros.
  static func zeros(_ size: Int) -> SymmetricMatrix {
    SymmetricMatrix(size: size, elements: [Double](repeating: 0, count: size * size))
  }

  /// Adds `weight` · vector · vectorᵀ.
  mutating func addOuterProduct(_ vector: [Double], weight: Double) {
    for row in 0..<size {
      let factor = weight * vector[row]
      for column in 0..<size { elements[row * size + column] += factor * vector[column] }
    }
  }

  /// All eigenvalues and their unit vectors, in no order: cyclic Jacobi sweeps until nothing is left
  /// beside the diagonal.
  func eigenvectors() -> (values: [Double], vectors: [[Double]]) {
    var work = self
    var vectors = SymmetricMatrix.zeros(size)
    for index in 0..<size { vectors.elements[index * size + index] = 1 }
    for _ in 0..<50 where work.hasOffDiagonal {
      for row in 0..<size {
        for column in row + 1..<size {
          work.rotate(row, column, &vectors)
        }
      }
    }
    let values = (0..<size).map { work.elements[$0 * size + $0] }
    let rows = (0..<size).map { Array(vectors.elements[$0 * size..<($0 + 1) * size]) }
    return (values, rows)
  }

  private var hasOffDiagonal: Bool {
    let scale = elements.reduce(0) { max($0, abs($1)) }
    return (0..<size).contains { row in
      (0..<size).contains { $0 != row && abs(elements[row * size + $0]) > 1e-12 * scale }
    }
  }

  /// Makes one pair of elements zero by a rotation in its plane; `vectors` has the product of all
  /// rotations, one eigenvector in each row.
  private mutating func rotate(_ p: Int, _ q: Int, _ vectors: inout SymmetricMatrix) {
    let element = elements[p * size + q]
    guard element != 0 else { return }
    let slope = (elements[q * size + q] - elements[p * size + p]) / (2 * element)
    let tangent =
      (slope >= 0 ? 1 : -1) / (abs(slope) + (slope * slope + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot()
    let sine = tangent * cosine
    for index in 0..<size {
      let (a, b) = (elements[index * size + p], elements[index * size + q])
      elements[index * size + p] = cosine * a - sine * b
      elements[index * size + q] = sine * a + cosine * b
    }
    mixRows(p, q, cosine, sine)
    vectors.mixRows(p, q, cosine, sine)
  }

  private mutating func mixRows(_ p: Int, _ q: Int, _ cosine: Double, _ sine: Double) {
    for index in 0..<size {
      let (a, b) = (elements[p * size + index], elements[q * size + index])
      elements[p * size + index] = cosine * a - sine * b
      elements[q * size + index] = sine * a + cosine * b
    }
  }
}
