import CVAEEvaluation
import Foundation
import TensorGraph
import Testing

@Suite struct PrincipalAxesTests {
  /// Two columns of variance 5 and covariance 4: eigenvalues 9 and 1 along the diagonals.
  @Test func aKnownCovarianceHasItsAxes() {
    let rows: [Float] = [5, 5, -1, -1, 1, 3, 3, 1].map { $0 + 10 }
    let axes = PrincipalAxes(rows: rows, columns: 2)
    #expect(axes.mean == [12, 12])
    #expect(abs(axes.variances[0] - 9) < 1e-12)
    #expect(abs(axes.variances[1] - 1) < 1e-12)
    #expect(abs(axes.share(of: 0) - 0.9) < 1e-12)
    let half = 0.5.squareRoot()
    #expect(zip(axes.axes[0], [half, half]).allSatisfy { abs($0 - $1) < 1e-12 })
    let coordinates = axes.coordinates(of: rows, axis: 0)
    #expect(abs(coordinates[0] - 6 * half) < 1e-12)
  }

  @Test(arguments: [(1, 3), (5, 40), (24, 60), (12, 6)])
  func axesAreOrthonormalEigenvectors(columns: Int, count: Int) {
    let position = RandomPosition(seed: 3, step: 0)
    let rows = (0..<count).flatMap { record in
      (0..<columns).map { column in
        Float(
          Double(column + 1)
            * position.normal(RandomPurpose("rows"), record: UInt32(record), column: column)
            + position.normal(RandomPurpose("shared"), record: UInt32(record), column: 0))
      }
    }
    let found = PrincipalAxes(rows: rows, columns: columns)
    #expect(found.axes.count == columns)
    for axis in 0..<columns {
      for other in 0..<columns {
        let product = zip(found.axes[axis], found.axes[other]).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (axis == other ? 1 : 0)) < 1e-10)
      }
      // The variance along the axis is its eigenvalue, and two axes don't vary together.
      let mine = found.coordinates(of: rows, axis: axis)
      let variance = mine.reduce(0) { $0 + $1 * $1 } / Double(count)
      #expect(abs(variance - found.variances[axis]) < 1e-8 * max(1, found.variances[0]))
      if axis > 0 {
        #expect(found.variances[axis] <= found.variances[axis - 1])
        let before = found.coordinates(of: rows, axis: axis - 1)
        let covariance = zip(mine, before).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
        #expect(abs(covariance) < 1e-8 * found.variances[0])
      }
      let largest = found.axes[axis].max { abs($0) < abs($1) } ?? 0
      #expect(largest > 0)
    }
  }

  @Test func rowsThatDontVaryHaveNoShare() {
    let axes = PrincipalAxes(rows: [1, 2, 1, 2], columns: 2)
    #expect(axes.variances == [0, 0])
    #expect(axes.share(of: 0) == 0)
  }
}
