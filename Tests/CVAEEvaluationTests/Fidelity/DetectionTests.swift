import Testing

@testable import CVAEEvaluation

@Suite struct DetectionTests {
  @Test func areaByHand() {
    // Of the four pairs three are won, and one is even.
    #expect(FidelityRows.areaUnderCurve([1, 2], [0, 1]) == 0.875)
    #expect(FidelityRows.areaUnderCurve([3, 4], [1, 2]) == 1)
    #expect(FidelityRows.areaUnderCurve([1], [2, 3]) == 0)
    #expect(FidelityRows.areaUnderCurve([5, 5], [5]) == 0.5)
  }

  private func area(shift: Double) throws -> Double {
    try FidelityRows(
      train: ExampleTable.rows(100, seed: 1), heldOut: ExampleTable.rows(300, seed: 2),
      synthetic: ExampleTable.rows(390, seed: 3, shift: shift),
      settings: FidelitySettings()
    ).detectionAUC()
  }

  @Test func rowsOfOneDistributionCannotBeTold() throws {
    let area = try area(shift: 0)
    #expect(abs(area - 0.5) < 0.06, "\(area)")
  }

  /// The heights alone would tell less; weights haven't moved along.
  @Test func shiftedRowsCanBeTold() throws {
    let area = try area(shift: 1)
    #expect(area > 0.97, "\(area)")
  }
}
