import Foundation
import Testing

@testable import ConditionalData

/// Columns as normal variables.
@Suite struct QuantileMapTests {
  private func column(_ count: Int, _ draw: (inout SplitMix) -> Double) -> [Double] {
    var generator = SplitMix(state: 7)
    return (0..<count).map { _ in draw(&generator) }
  }

  /// A generator whose numbers are the same in every run.
  struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      return RecordHash.mix(state)
    }
  }

  @Test func quantilesInvertTheDistribution() {
    for u in [1e-9, 1e-4, 0.02, 0.024, 0.3, 0.5, 0.7, 0.99, 1 - 1e-9] {
      let z = NormalDistribution.quantile(u)
      #expect(abs(NormalDistribution.cumulative(z) - u) < 1e-12 * max(1, u / 1e-3), "\(u)")
    }
    #expect(NormalDistribution.quantile(0.5) == 0)
    // Abramowitz and Stegun, table 26.1 and 26.5.
    #expect(abs(NormalDistribution.quantile(0.975) - 1.959963984540054) < 1e-12)
    #expect(abs(NormalDistribution.cumulative(1) - 0.841344746068543) < 1e-14)
  }

  /// Skewed, with several modes, a spike at 0 and a grid: all become one bell.
  /// A single far value takes its own share alone: what lies below it comes back near to where it was.
  @Test func oneOutlierLeavesItsNeighboursAlone() throws {
    let map = try #require(QuantileMap((0..<40_000).map { Double($0) / 4000 } + [1000]))
    for value in stride(from: 9.9, to: 9.999, by: 0.01) {
      let normal = map.normal(value, position: 0.5)
      #expect(abs(map.number(normal) - value) < 0.01)
      // A little noise on the way doesn't carry it to the outlier.
      #expect(map.number(normal + 0.05) < 11)
    }
  }

  @Test func everyColumnBecomesABell() throws {
    let columns = [
      column(20_000) { exp(2 * Double.random(in: -3...3, using: &$0)) },
      column(20_000) { Bool.random(using: &$0) ? 0 : Double.random(in: 0...6, using: &$0) },
      column(20_000) { Double(Int.random(in: 0...9, using: &$0)) },
    ]
    for numbers in columns {
      let map = try #require(QuantileMap(numbers))
      var generator = SplitMix(state: 3)
      let normal = numbers.map {
        Double(map.normal($0, position: Double.random(in: 0...1, using: &generator)))
      }.sorted()
      for share in [0.01, 0.1, 0.25, 0.5, 0.9, 0.99] {
        let found = normal[Int(share * Double(normal.count))]
        #expect(abs(found - NormalDistribution.quantile(share)) < 0.06, "\(share): \(found)")
      }
    }
  }

  /// What is drawn a little beside a group of numbers isn't taken for another group.
  @Test(arguments: [4, 50, 1000])
  func groupsAreHeldApart(count: Int) throws {
    let numbers =
      column(2000 - count) { Double.random(in: 1...400, using: &$0) }
      + column(count) { Double.random(in: 9000...9900, using: &$0) }
    let map = try #require(QuantileMap(numbers))
    let (last, first) = (
      try #require(numbers.filter { $0 < 5000 }.max()),
      try #require(numbers.filter { $0 > 5000 }.min())
    )
    let (low, high) = (map.normal(last, position: 0), map.normal(first, position: 1))
    #expect(high - low > 0.5, "\(low), \(high)")
    for z in stride(from: low + 0.01, to: high - 0.01, by: 0.01) {
      #expect([last, first].contains(map.number(z)))
    }
    for number in numbers where number != last && number != first {
      #expect(abs(map.number(map.normal(number, position: 0.5)) - number) < 0.5)
    }
    // The density is one of the numbers, the two beside the gap among them.
    var total = 0.0
    let step = 0.05
    for number in stride(from: 1, to: 9900, by: step) {
      let z = Double(map.normal(number + step / 2, position: 0.5))
      let density =
        NormalDistribution.logDensity(z) + map.logFactor(number + step / 2, position: 0.5)
      total += exp(density) * step
    }
    for edge in [last, first] {
      let z = Double(map.normal(edge, position: 0.5))
      total += exp(NormalDistribution.logDensity(z) + map.logFactor(edge, position: 0.5))
    }
    #expect(abs(total - 1) < 0.02, "\(total)")
    // A few outliers are no group.
    let few = try #require(QuantileMap(Array(numbers[..<1500]) + [9000, 9500, 9900]))
    #expect(few.normal(9000, position: 0) - few.normal(398, position: 1) < 0.6)
  }

  @Test func numbersComeBack() throws {
    let few = column(5000) { Double(Int.random(in: -20...20, using: &$0)) / 4 }
    let map = try #require(QuantileMap(few))
    for number in Set(few) {
      for position in [0.01, 0.5, 0.99] {
        #expect(map.number(map.normal(number, position: position)) == number)
      }
    }
    let many = column(50_000) { Double.random(in: 0...1, using: &$0) }
    let smooth = try #require(QuantileMap(many))
    for number in many.prefix(500) {
      #expect(abs(smooth.number(smooth.normal(number, position: 0.5)) - number) < 2e-3)
    }
    #expect(smooth.number(-40) == many.min())
    #expect(smooth.number(40) == many.max())
    #expect(QuantileMap([]) == nil)
  }

  /// Under its own distribution a column has the log-density of F.
  @Test func theFactorIsTheChangeOfVariables() throws {
    let many = column(50_000) { exp(Double.random(in: -1...1, using: &$0)) }
    let map = try #require(QuantileMap(many))
    for number in [0.5, 0.8, 1.3, 2.1] {
      let z = Double(map.normal(number, position: 0.5))
      // x = exp(t), t uniform in -1...1: p(x) = 1 / 2x.
      let found = NormalDistribution.logDensity(z) + map.logFactor(number, position: 0.5)
      #expect(abs(found - log(0.5 / number)) < 0.25, "\(number): \(found)")
    }
  }

  /// Jumps at 0 and 1, nothing between: a probability for each, half a record for what was never seen,
  /// and all of it together is 1.
  @Test func unseenNumbersAreRareAndTheWholeIsOne() throws {
    let map = try #require(QuantileMap([0, 0, 0, 0, 0, 0, 1, 1]))
    func density(_ number: Double) -> Double {
      let z = Double(map.normal(number, position: 0.3))
      return exp(NormalDistribution.logDensity(z) + map.logFactor(number, position: 0.3))
    }
    let total = 1 + 2 * 0.5 / 8
    #expect(abs(density(0) - 0.75 / total) < 1e-6)
    #expect(abs(density(1) - 0.25 / total) < 1e-6)
    #expect(abs(density(0.4) - 0.0625 / total) < 1e-6)
    #expect(density(3) < density(2) && density(2) < density(0.4))
    let step = 0.01
    var outside = 0.0
    for index in 0..<2000 {
      let distance = (Double(index) + 0.5) * step
      outside += (density(1 + distance) + density(-distance)) * step
    }
    #expect(abs(density(0) + density(1) + density(0.4) + outside - 1) < 1e-3)
  }
}
