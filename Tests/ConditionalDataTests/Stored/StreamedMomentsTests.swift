import RecordTypes
import Testing

@testable import ConditionalData

@Suite struct StreamedMomentsTests {
  private func streamed(_ numbers: [Double]) -> StreamedMoments {
    var moments = StreamedMoments(largest: numbers.map { abs($0) }.max() ?? 0)
    for number in numbers { moments.add(number) }
    return moments
  }

  /// As in memory, up to the rounding of sums of so many terms.
  @Test(arguments: [1.0, 1e-300, 1e300], [0.0, 1e6])
  func areThoseOfAllNumbers(unit: Double, offset: Double) throws {
    let numbers = (0..<20_000).map { index in
      (offset + RecordHash.uniform(record: index, seed: 7, .test)) * unit
    }
    let column = TrainingColumn(
      field: Field(name: "x", kind: .number), column: .numbers(numbers), records: [],
      isTable: true, source: "x.csv")
    let scale = try FieldScale(column, [numbers])
    let moments = streamed(numbers)
    #expect(moments.minimum == scale.minimum[0] && moments.maximum == scale.maximum[0])
    let rounding = 20_000 * Double.ulpOfOne
    #expect(abs(moments.mean / scale.mean[0] - 1) <= rounding)
    // A spread far below the numbers themselves has fewer digits.
    let ratio = 1 + offset
    #expect(
      abs(moments.deviation / scale.standardDeviation[0] - 1) <= rounding * ratio)
  }

  @Test func constantsHaveDeviationOne() {
    let moments = streamed([0.1, 0.1, 0.1])
    #expect(moments.isConstant && moments.deviation == 1)
  }
}
