import Testing

@testable import CVAEEvaluation

@Suite struct AssociationTests {
  @Test func pearsonByHand() {
    #expect(abs(Association.pearson([1, 2, 3], [2, 4, 6]) - 1) < 1e-12)
    #expect(abs(Association.pearson([1, 2, 3], [3, 2, 1]) + 1) < 1e-12)
    // Products 1.5 over √(2 · 4.5).
    #expect(abs(Association.pearson([1, 2, 3, .nan], [1, 4, 2.5, 9]) - 0.5) < 1e-12)
    #expect(Association.pearson([0.1, 0.1, 0.1], [1, 2, 3]) == 0, "one doesn't vary")
    #expect(Association.pearson([1, .nan], [.nan, 2]) == 0, "no row has both")
  }

  @Test func cramersVByHand() {
    let x: [Int32] = [0, 0, 0, 0, 1, 1, 1, 1, -1]
    // Three of four agree: φ = (9 − 1) / 16.
    #expect(abs(Association.cramersV(x, [0, 0, 0, 1, 1, 1, 1, 0, 0], levels: 2) - 0.5) < 1e-12)
    #expect(abs(Association.cramersV(x, x, levels: 2) - 1) < 1e-12)
    #expect(Association.cramersV(x, [0, 0, 1, 1, 0, 0, 1, 1, 1], levels: 2) == 0)
    #expect(Association.cramersV(x, [1, 1, 1, 1, 1, 1, 1, 1, 0], levels: 2) == 0)
    // Σ nᵢⱼ² / (nᵢ nⱼ) = 4/6 + 4/4 + 1/2 + 1/6, and two degrees of freedom.
    let three = Association.cramersV([0, 1, 2, 0, 1, 2], [0, 1, 2, 0, 1, 0], levels: 3)
    #expect(abs(three - (2.0 / 3).squareRoot()) < 1e-12)
    // Of three levels against two, known from one another: the smaller count bounds it.
    #expect(abs(Association.cramersV([0, 1, 2, 0], [0, 1, 1, 0], levels: 3) - 1) < 1e-12)
  }

  @Test func correlationRatioByHand() {
    // Between the means 1.5 and 3.5 lie 4 of 5.
    let ratio = Association.correlationRatio([1, 2, 3, 4, .nan, 9], [0, 0, 1, 1, 1, -1], count: 2)
    #expect(abs(ratio - 0.8.squareRoot()) < 1e-12)
    #expect(Association.correlationRatio([1, 2], [0, 0], count: 2) == 0)
    #expect(Association.correlationRatio([0.1, 0.1, 0.1], [0, 1, 1], count: 2) == 0)
  }

  @Test func theMatrixIsSymmetric() throws {
    let matrix = AssociationMatrix(try ExampleTable.rows(300, seed: 1))
    #expect(matrix.columns == ["height", "size", "colour", "weight"])
    for row in 0..<4 {
      #expect(matrix.values[row][row] == 1)
      for column in 0..<4 {
        #expect(matrix.values[row][column] == matrix.values[column][row])
      }
    }
    #expect(matrix.values[0][3] > 0.97 && matrix.values[0][1] > 0.8)
    #expect(matrix.values[0][2] < 0.2)
    let other = AssociationMatrix(try ExampleTable.rows(300, seed: 2))
    let difference = try #require(matrix.meanDifference(from: other))
    #expect(difference > 0 && difference < 0.06)
    #expect(matrix.meanDifference(from: matrix) == 0)
  }
}
