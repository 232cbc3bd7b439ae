import Foundation
import Testing

@testable import Figures

@Suite struct LinearAxisTests {
  static let ranges: [ClosedRange<Double>] = [
    0...1, -298.3 ... -236.4, 14.9...15.1, -3.2...4.4, 0...1e-9, -5e8...7e12, 1e6...1e6 + 1,
    -1e99...1e99, 3...3, 0...0, -250 ... -250, 1e-300...2e-300, 99.99999...100,
  ]

  @Test(arguments: ranges)
  func ticksAreRoundAndInside(values: ClosedRange<Double>) {
    let axis = LinearAxis(covering: values)
    #expect(axis.range.lowerBound < values.lowerBound && axis.range.upperBound > values.upperBound)
    #expect((2...14).contains(axis.ticks.count), "\(axis)")
    #expect(!axis.ticks.isEmpty && axis.ticks.allSatisfy { axis.range.contains($0) }, "\(axis)")
    let leading = axis.step / pow(10, log10(axis.step * 1.0001).rounded(.down))
    #expect([1.0, 2, 5].contains { abs(leading - $0) < 1e-6 }, "\(axis)")
    for tick in axis.ticks {
      let multiple = tick / axis.step
      #expect(abs(multiple - multiple.rounded()) < 1e-6 * max(1, abs(multiple)), "\(axis)")
    }
    let labels = axis.ticks.map(axis.label(for:))
    #expect(Set(labels).count == labels.count, "\(labels)")
  }

  @Test(arguments: [(1.0, 1.0), (1, 2), (1, 10), (0, 3), (1, 1000)])
  func epochsGetWholeNumbers(first: Double, last: Double) {
    let axis = LinearAxis(covering: first...last, margin: 0.03, wholeNumbers: true)
    #expect(!axis.ticks.isEmpty && axis.ticks.allSatisfy { $0 == $0.rounded() }, "\(axis)")
    #expect(axis.ticks.map(axis.label(for:)).allSatisfy { !$0.contains(".") })
  }

  @Test func labelsHaveAsManyDigitsAsTheyNeed() {
    func labels(_ values: ClosedRange<Double>) -> [String] {
      let axis = LinearAxis(covering: values, tickCount: 4, margin: 0.01)
      return axis.ticks.map(axis.label(for:))
    }
    #expect(labels(0...1) == ["0.0", "0.5", "1.0"])
    #expect(labels(-300 ... -200) == ["\u{2212}300", "\u{2212}250", "\u{2212}200"])
    #expect(labels(-0.05...0.05) == ["\u{2212}0.05", "0.00", "0.05"])
    #expect(labels(1e7...1.1e7) == ["1.00e+07", "1.05e+07", "1.10e+07"])
    #expect(labels(0...4e6) == ["0", "2e+06", "4e+06"])
  }

  @Test func shareRunsFromEndToEnd() {
    let axis = LinearAxis(covering: -1...1, margin: 0)
    #expect(axis.share(of: -1) == 0 && axis.share(of: 0) == 0.5 && axis.share(of: 1) == 1)
  }
}
