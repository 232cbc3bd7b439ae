import Foundation
import TensorGraph
import Testing

@testable import CVAEEvaluation

/// The learner finds what no line and no single column shows.
@Suite struct BoostedTreesTests {
  /// Numbers in (−1, 1), column by column.
  static func features(_ count: Int, seed: UInt64, width: Int = 2) -> [[Float]] {
    let position = RandomPosition(seed: seed, step: 0)
    return (0..<width).map { column in
      (0..<count).map { row in
        Float(
          2 * position.uniform(RandomPurpose("features"), record: UInt32(row), column: column) - 1)
      }
    }
  }

  static func columns(_ numbers: [[Float]]) -> [TableColumn] {
    numbers.enumerated().map { TableColumn(name: "x\($0)", values: .numbers($1)) }
  }

  @Test func aCurveIsLearned() {
    func curve(_ x: [[Float]]) -> [Double] { x[0].map { sin(4 * Double($0)) } }
    let (own, fresh) = (Self.features(400, seed: 1), Self.features(200, seed: 2))
    let learner = BoostedTrees(Self.columns(own), target: .numbers(curve(own)))
    let outputs = learner.outputs(Self.columns(fresh), count: 200)
    #expect(UtilityTask.determination(outputs, curve(fresh)) > 0.985)
    let constant = [Double](repeating: 0, count: 200)
    #expect(UtilityTask.determination(constant, curve(fresh)) < 0.01)
  }

  /// Whether the signs of two numbers differ: neither number alone tells anything.
  @Test func anInteractionIsLearned() {
    func differ(_ x: [[Float]]) -> [Bool] { zip(x[0], x[1]).map { ($0 > 0) != ($1 > 0) } }
    let (own, fresh) = (Self.features(500, seed: 3), Self.features(300, seed: 4))
    let learner = BoostedTrees(Self.columns(own), target: .flags(differ(own)))
    let outputs = learner.outputs(Self.columns(fresh), count: 300)
    let right = zip(outputs, differ(fresh)).count { ($0 > 0) == $1 }
    #expect(right > 280, "\(right) of 300")
  }

  /// Levels that go together aren't neighbours, and yet one split is enough.
  @Test func levelsAreGrouped() {
    let levels = Self.features(300, seed: 5)[0].map { Int32(($0 + 1) * 4.5) }
    let names = (0..<9).map { "level \($0)" }
    let column = TableColumn(name: "c", values: .levels(levels, names: names))
    let parity = levels.map { Double($0 % 2) }
    var settings = BoostingSettings()
    (settings.rounds, settings.leaves, settings.shrinkage) = (1, 2, 1)
    let stump = BoostedTrees([column], target: .numbers(parity), settings: settings)
    let outputs = stump.outputs([column], count: 300)
    #expect(UtilityTask.determination(outputs, parity) > 0.99)
  }

  @Test func threeLevelsArePredicted() {
    func classes(_ x: [[Float]]) -> [Int32] { x[0].map { $0 < -0.5 ? 2 : $0 < 0.4 ? 0 : 1 } }
    let (own, fresh) = (Self.features(300, seed: 6), Self.features(200, seed: 7))
    var settings = BoostingSettings()
    settings.rounds = 30
    let learner = BoostedTrees(
      Self.columns(own), target: .levels(classes(own), count: 3), settings: settings)
    let outputs = learner.outputs(Self.columns(fresh), count: 200)
    let right = classes(fresh).enumerated().count { row, level in
      outputs[row * 3..<row * 3 + 3].max() == outputs[row * 3 + Int(level)]
    }
    #expect(right > 190, "\(right) of 200")
  }

  @Test func whatIsMissingTells() {
    let numbers = Self.features(300, seed: 7)[0].enumerated().map { $0 % 3 == 0 ? .nan : $1 }
    let target = numbers.map { $0.isNaN ? 5.0 : $0 > 0 ? 3 : 1 }
    let learner = BoostedTrees(Self.columns([numbers]), target: .numbers(target))
    let outputs = learner.outputs(Self.columns([[.nan, 0.9, -0.9]]), count: 3)
    for (output, wanted) in zip(outputs, [5.0, 3, 1]) { #expect(abs(output - wanted) < 0.15) }
  }

  @Test func theSameRowsGiveTheSameTrees() {
    let numbers = Self.features(200, seed: 8)
    let target = BoostingTarget.numbers(numbers[1].map { Double($0 * $0) })
    let outputs = (0..<2).map { _ in
      BoostedTrees(Self.columns(numbers), target: target)
        .outputs(Self.columns(numbers), count: 200)
    }
    #expect(outputs[0] == outputs[1])
  }

  @Test func aConstantStaysOne() {
    let numbers = Self.columns(Self.features(60, seed: 9))
    let seven = BoostedTrees(numbers, target: .numbers([Double](repeating: 7, count: 60)))
    #expect(seven.outputs(numbers, count: 60).allSatisfy { $0 == 7 })
    let alone = BoostedTrees([], target: .numbers([1, 2, 3]))
    #expect(alone.outputs([], count: 2) == [2, 2])
  }

  @Test func numbersFallIntoBinsOfAsManyRows() {
    let many = (0..<10_000).map { Float($0) }
    let bins = FeatureBins(Self.columns([many, many.map { $0 < 5 ? .nan : $0 < 9000 ? 1 : 2 }]))
    #expect(bins.counts == [256, 3])
    let rows = bins.rows(Self.columns([many, many.map { $0 < 5 ? .nan : $0 < 9000 ? 1 : 2 }]))
    var counts = [Int](repeating: 0, count: 256)
    for row in 0..<10_000 { counts[Int(rows.values[2 * row])] += 1 }
    #expect(counts[0] == 0 && counts[1...].allSatisfy { (39...40).contains($0) })
    #expect(rows.values[1] == 0 && rows.values[11] == 1 && rows.values[19_999] == 2)
  }
}
