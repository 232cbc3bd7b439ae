import RecordTypes
import Testing

@testable import CVAEEvaluation

@Suite struct AssociationTests {
  @Test func pearsonByHand() {
    #expect(abs(Association.pearson([1, 2, 3], [2, 4, 6]) - 1) < 1e-12)
    #expect(abs(Association.pearson([1, 2, 3], [3, 2, 1]) + 1) < 1e-12)
    // Products 1.5 over √(2 · 4.5).
    #expect(abs(Association.pearson([1, 2, 3], [1, 4, 2.5]) - 0.5) < 1e-12)
    #expect(Association.pearson([0.1, 0.1, 0.1], [1, 2, 3]) == 0, "one doesn't vary")
    #expect(Association.pearson([], []) == 0)
  }

  @Test func cramersVByHand() {
    let x: [Int32] = [0, 0, 0, 0, 1, 1, 1, 1]
    // Three of four agree: φ = (9 − 1) / 16.
    #expect(abs(Association.cramersV(x, [0, 0, 0, 1, 1, 1, 1, 0]) - 0.5) < 1e-12)
    #expect(abs(Association.cramersV(x, x) - 1) < 1e-12)
    #expect(Association.cramersV(x, [0, 0, 1, 1, 0, 0, 1, 1]) == 0)
    #expect(Association.cramersV(x, [1, 1, 1, 1, 1, 1, 1, 1]) == 0)
    // Σ nᵢⱼ² / (nᵢ nⱼ) = 4/6 + 4/4 + 1/2 + 1/6, and two degrees of freedom.
    let three = Association.cramersV([0, 1, 2, 0, 1, 2], [0, 1, 2, 0, 1, 0])
    #expect(abs(three - (2.0 / 3).squareRoot()) < 1e-12)
    // Of three levels against two, known from one another: the smaller count bounds it.
    #expect(abs(Association.cramersV([0, 1, 2, 0], [0, 1, 1, 0]) - 1) < 1e-12)
  }

  @Test func correlationRatioByHand() {
    // Between the means 1.5 and 3.5 lie 4 of 5.
    let ratio = Association.correlationRatio([1, 2, 3, 4], [0, 0, 1, 1])
    #expect(abs(ratio - 0.8.squareRoot()) < 1e-12)
    #expect(Association.correlationRatio([1, 2], [0, 0]) == 0)
    #expect(Association.correlationRatio([0.1, 0.1, 0.1], [0, 1, 1]) == 0)
  }

  @Test func onlyRowsThatHaveBothCount() {
    let numbers = RecordColumn.numbers([1, 2, 3, 4, nil, 9])
    let others = RecordColumn.numbers([1, nil, 2.5, 1, 7, nil])
    #expect(
      Association.between(numbers, others) == Association.pearson([1, 3, 4], [1, 2.5, 1]))
    let levels = RecordColumn.levels([0, 0, 1, 1, 1, nil])
    let ratio = Association.correlationRatio([1, 2, 3, 4], [0, 0, 1, 1])
    #expect(Association.between(numbers, levels) == ratio)
    #expect(Association.between(levels, numbers) == ratio)
    let otherLevels = RecordColumn.levels([1, 0, nil, 1, 0, 0])
    #expect(
      Association.between(levels, otherLevels)
        == Association.cramersV([0, 0, 1, 1], [1, 0, 1, 0]))
    #expect(Association.between(.numbers([1, nil]), .numbers([nil, 2])) == 0, "no row has both")
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
