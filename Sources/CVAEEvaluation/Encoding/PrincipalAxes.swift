/// The directions in which rows of numbers vary most.
///
/// The covariance's eigenvectors, by Jacobi's rotations: exact to rounding, and fast enough for some
/// hundred columns. Each axis points so that its largest component is positive, and so equal rows
/// give equal axes.
///
/// - Source: Golub and Van Loan, *Matrix Computations*, 4th edition, section 8.5.
public struct PrincipalAxes: Sendable {
  /// The columns' means.
  public let mean: [Double]
  /// Unit vectors, by falling variance.
  public let axes: [[Double]]
  /// The variance along each axis, with the number of rows as divisor.
  public let variances: [Double]

  /// Finds the axes of `rows`, row-major with `columns` numbers each; at least one row.
  package init(rows: [Float], columns: Int) {
    precondition(columns >= 1 && rows.count >= columns && rows.count % columns == 0)
    let count = rows.count / columns
    var mean = [Double](repeating: 0, count: columns)
    for row in 0..<count {
      for column in 0..<columns { mean[column] += Double(rows[row * columns + column]) }
    }
    for column in 0..<columns { mean[column] /= Double(count) }
    var covariance = SymmetricMatrix.zeros(columns)
    var centred = mean
    for row in 0..<count {
      for column in 0..<columns {
        centred[column] = Double(rows[row * columns + column]) - mean[column]
      }
      covariance.addOuterProduct(centred, weight: 1 / Double(count))
    }
    let (values, vectors) = covariance.eigenvectors()
    let order = values.indices.sorted {
      values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1
    }
    self.mean = mean
    variances = order.map { max(0, values[$0]) }
    axes = order.map { Self.oriented(vectors[$0]) }
  }

  /// Each row's coordinate along one axis, measured from the mean.
  public func coordinates(of rows: [Float], axis: Int) -> [Double] {
    let columns = mean.count
    let direction = axes[axis]
    return (0..<rows.count / columns).map { row in
      var total = 0.0
      for column in 0..<columns {
        total += (Double(rows[row * columns + column]) - mean[column]) * direction[column]
      }
      return total
    }
  }

  /// The share of all variance that lies along an axis; 0 where nothing varies.
  public func share(of axis: Int) -> Double {
    let total = variances.reduce(0, +)
    return total > 0 ? variances[axis] / total : 0
  }

  private static func oriented(_ axis: [Double]) -> [Double] {
    let largest = axis.max { abs($0) < abs($1) } ?? 0
    return largest < 0 ? axis.map { -$0 } : axis
  }
}
