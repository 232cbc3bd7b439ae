import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEEvaluation

/// The learner finds what no line and no single column shows.
@Suite struct BoostedTreesTests {
  /// Numbers in (−1, 1), column by column.
  static func features(_ count: Int, seed: UInt64, width: Int = 2) -> [[Double]] {
    let position = RandomPosition(seed: seed, step: 0)
    return (0..<width).map { column in
      (0..<count).map { row in
        2 * position.uniform(RandomPurpose("features"), record: UInt32(row), column: column) - 1
      }
    }
  }

  /// Rows of columns of numbers, NaN where one is missing.
  private func rows(_ numbers: [[Double]], count: Int = 0) throws -> Records {
    try Records(
      schema: RecordSchema(fields: numbers.indices.map { Field(name: "x\($0)", kind: .number) }),
      columns: numbers.map { .numbers($0) }, count: count)
  }

  @Test func aCurveIsLearned() throws {
    func curve(_ x: [[Double]]) -> [Double] { x[0].map { sin(4 * $0) } }
    let (own, fresh) = (Self.features(400, seed: 1), Self.features(200, seed: 2))
    let learner = try BoostedTrees(rows(own), target: .numbers(curve(own)))
    let outputs = try learner.outputs(rows(fresh))
    #expect(UtilityTask.determination(outputs, curve(fresh)) > 0.985)
    let constant = [Double](repeating: 0, count: 200)
    #expect(UtilityTask.determination(constant, curve(fresh)) < 0.01)
  }

  /// Whether the signs of two numbers differ: neither number alone tells anything.
  @Test func anInteractionIsLearned() throws {
    func differ(_ x: [[Double]]) -> [Bool] { zip(x[0], x[1]).map { ($0 > 0) != ($1 > 0) } }
    let (own, fresh) = (Self.features(500, seed: 3), Self.features(300, seed: 4))
    let learner = try BoostedTrees(rows(own), target: .flags(differ(own)))
    let outputs = try learner.outputs(rows(fresh))
    let right = zip(outputs, differ(fresh)).count { ($0 > 0) == $1 }
    #expect(right > 280, "\(right) of 300")
  }

  /// Levels that go together aren't neighbours, and yet one split is enough.
  @Test func levelsAreGrouped() throws {
    let levels = Self.features(300, seed: 5)[0].map { Int32(($0 + 1) * 4.5) }
    let names = (0..<9).map { "level \($0)" }
    let records = try Records(
      schema: RecordSchema(fields: [Field(name: "c", kind: .category(levels: names))]),
      columns: [.levels(levels)])
    let parity = levels.map { Double($0 % 2) }
    var settings = BoostingSettings()
    (settings.rounds, settings.leaves, settings.shrinkage) = (1, 2, 1)
    let stump = BoostedTrees(records, target: .numbers(parity), settings: settings)
    let outputs = stump.outputs(records)
    #expect(UtilityTask.determination(outputs, parity) > 0.99)
  }

  @Test func threeLevelsArePredicted() throws {
    func classes(_ x: [[Double]]) -> [Int32] { x[0].map { $0 < -0.5 ? 2 : $0 < 0.4 ? 0 : 1 } }
    let (own, fresh) = (Self.features(300, seed: 6), Self.features(200, seed: 7))
    var settings = BoostingSettings()
    settings.rounds = 30
    let learner = try BoostedTrees(
      rows(own), target: .levels(classes(own), count: 3), settings: settings)
    let outputs = try learner.outputs(rows(fresh))
    let right = classes(fresh).enumerated().count { row, level in
      outputs[row * 3..<row * 3 + 3].max() == outputs[row * 3 + Int(level)]
    }
    #expect(right > 190, "\(right) of 200")
  }

  @Test func whatIsMissingTells() throws {
    let numbers = Self.features(300, seed: 7)[0].enumerated().map { $0 % 3 == 0 ? .nan : $1 }
    let target = numbers.map { $0.isNaN ? 5.0 : $0 > 0 ? 3 : 1 }
    let learner = try BoostedTrees(rows([numbers]), target: .numbers(target))
    let outputs = try learner.outputs(rows([[.nan, 0.9, -0.9]]))
    for (output, wanted) in zip(outputs, [5.0, 3, 1]) { #expect(abs(output - wanted) < 0.15) }
  }

  @Test func theSameRowsGiveTheSameTrees() throws {
    let numbers = Self.features(200, seed: 8)
    let target = BoostingTarget.numbers(numbers[1].map { $0 * $0 })
    let outputs = try (0..<2).map { _ in
      try BoostedTrees(rows(numbers), target: target).outputs(rows(numbers))
    }
    #expect(outputs[0] == outputs[1])
  }

  @Test func aConstantStaysOne() throws {
    let numbers = try rows(Self.features(60, seed: 9))
    let seven = BoostedTrees(numbers, target: .numbers([Double](repeating: 7, count: 60)))
    #expect(seven.outputs(numbers).allSatisfy { $0 == 7 })
    let alone = try BoostedTrees(rows([], count: 3), target: .numbers([1, 2, 3]))
    #expect(try alone.outputs(rows([], count: 2)) == [2, 2])
  }

  @Test func numbersFallIntoBinsOfAsManyRows() throws {
    let many = (0..<10_000).map { Double($0) }
    let records = try rows([many, many.map { $0 < 5 ? .nan : $0 < 9000 ? 1 : 2 }])
    let bins = FeatureBins(records)
    #expect(bins.counts == [256, 3])
    let rows = bins.rows(records)
    var counts = [Int](repeating: 0, count: 256)
    for row in 0..<10_000 { counts[Int(rows.values[2 * row])] += 1 }
    #expect(counts[0] == 0 && counts[1...].allSatisfy { (39...40).contains($0) })
    #expect(rows.values[1] == 0 && rows.values[11] == 1 && rows.values[19_999] == 2)
  }
}
