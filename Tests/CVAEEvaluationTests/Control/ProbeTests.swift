import OneDNNExecution
import TensorGraph
import Testing

@testable import CVAEEvaluation

/// Probes find what is there, and no more.
@Suite struct ProbeTests {
  /// Uniform numbers in ±1 and the level that `level` gives them.
  private func rows(
    _ count: Int, seed: UInt64, level: (Float, Float) -> Bool
  ) -> LatentRows {
    let position = RandomPosition(seed: seed, step: 0)
    let values = (0..<2 * count).map { index in
      Float(
        2
          * position.uniform(
            RandomPurpose("probe"), record: UInt32(index / 2), column: index % 2) - 1)
    }
    let levels = (0..<count).map { Int32(level(values[2 * $0], values[2 * $0 + 1]) ? 1 : 0) }
    // On a scale that a probe must not depend on.
    return LatentRows(values: values.map { 1000 + 50 * $0 }, width: 2, levels: levels)
  }

  private func accuracy(_ hidden: [Int], level: (Float, Float) -> Bool) throws -> Estimate {
    try Probe.accuracy(
      hidden: hidden, train: rows(600, seed: 1, level: level),
      test: rows(400, seed: 2, level: level), levels: 2, seed: 3, executor: OneDNNExecutor())
  }

  @Test func aLineIsFoundByBoth() throws {
    let line = { (x: Float, y: Float) in x + y > 0.1 }
    #expect(try accuracy([], level: line).mean > 0.97)
    #expect(try accuracy([64], level: line).mean > 0.95)
  }

  @Test func onlyALayerFindsAnExclusiveOr() throws {
    let cross = { (x: Float, y: Float) in x * y > 0 }
    #expect(try accuracy([], level: cross).mean < 0.65)
    #expect(try accuracy([64], level: cross).mean > 0.93)
  }

  @Test func noiseIsNotRead() throws {
    var turn = 0
    let noise = { (_: Float, _: Float) in
      turn += 1
      return turn % 2 == 0
    }
    let found = try accuracy([], level: noise)
    #expect(abs(found.mean - 0.5) < 4 * (found.standardError ?? 0))
  }

  @Test func chanceIsTheLargestClass() {
    #expect(Leakage.largestShare([2, 1, 2, 0]).mean == 0.5)
    #expect(Leakage.largestShare([1, 1, 1]).mean == 1)
  }
}
