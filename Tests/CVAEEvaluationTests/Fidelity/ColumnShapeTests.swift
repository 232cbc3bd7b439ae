import RecordTypes
import Testing

@testable import CVAEEvaluation

@Suite struct ColumnShapeTests {
  private func shape(_ real: [Double?], _ synthetic: [Double?]) -> ColumnShape {
    ColumnShape(
      Field(name: "x", kind: .number), real: .numbers(real), synthetic: .numbers(synthetic),
      form: nil)
  }

  @Test func wholeNumbersGetABinEach() {
    let shape = shape([1, 2, 2, 3], [3, 3, nil, 4])
    #expect(shape.places == .bins(low: 0.5, high: 4.5))
    #expect(shape.real == [0.25, 0.5, 0.25, 0])
    #expect(shape.synthetic == [0, 0, 2.0 / 3, 1.0 / 3])
  }

  @Test func outliersDoNotStretchTheBins() throws {
    let numbers = (0..<1000).map { Double($0 * $0) / 1000 }
    let shape = shape(numbers + [1e9], numbers)
    let bins: (low: Double, high: Double)? =
      if case .bins(let low, let high) = shape.places { (low, high) } else { nil }
    let (low, high) = try #require(bins)
    #expect(low >= 0 && high < 1000 && high > 980)
    #expect(shape.real.count == 20)
    #expect(shape.real.reduce(0, +) < 1 && shape.real.reduce(0, +) > 0.98)
  }

  @Test func theMostFrequentLevelsAreShown() {
    let names = (0..<20).map { "level \($0)" }
    let levels = (0..<Int32(20)).flatMap { [Int32](repeating: $0, count: Int($0) + 1) }
    let shape = ColumnShape(
      Field(name: "c", kind: .category(levels: names)), real: .levels(levels),
      synthetic: .levels([nil, 19]), form: nil)
    #expect(shape.places == .levels((8..<20).reversed().map { "level \($0)" }, others: 8))
    #expect(abs(shape.real[0] - 20.0 / 210) < 1e-12)
    #expect(shape.synthetic[0] == 1 && shape.synthetic[1] == 0)
  }

  /// Levels stand in the order of their real shares, whatever the synthetic ones are.
  @Test func levelsStandByTheirRealShares() {
    let shape = ColumnShape(
      Field(name: "c", kind: .category(levels: ["a", "b", "c", "d"])),
      real: .levels([0, 1, 1, 1, 2, 2]), synthetic: .levels([0, 0, 0, 3]), form: nil)
    #expect(shape.places == .levels(["b", "c", "a", "d"], others: 0))
  }
}
