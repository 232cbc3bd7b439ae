import CVAEModels
import ConditionalData
import RecordTypes
import TensorGraph
import Testing

@testable import CVAETraining

/// The members of groups that a step reads.
@Suite struct GroupBatchesTests {
  private func data(_ levels: [Int32?]) throws -> DataSet {
    try DataSet(
      schema: RecordSchema(fields: [
        Field(name: "face", kind: .category(levels: (0..<20).map { "face \($0)" }))
      ]),
      columns: [.levels(levels)])
  }

  private func batch(
    _ levels: [Int32?], leaders: [Int32], shape: GroupShape, step: UInt32 = 0, seed: UInt64 = 1
  ) throws -> GroupBatches.Batch {
    let batches = try GroupBatches(
      RecordGroups(data(levels), by: "face", records: levels.indices.map(Int32.init)), shape: shape)
    return leaders.withUnsafeBufferPointer {
      batches.batch($0, at: RandomPosition(seed: seed, step: step))
    }
  }

  /// Groups of 1 to 20 members, and all steps of a while.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func noTargetIsASource(seed: UInt64) throws {
    let levels = (0..<20).flatMap { level in [Int32](repeating: Int32(level), count: level + 1) }
    let shape = GroupShape(groups: 20, sources: 5, targets: 4)
    let leaders = (0..<20).map { Int32($0 * ($0 + 1) / 2) }
    for step in 0..<40 as Range<UInt32> {
      let batch = try batch(levels, leaders: leaders, shape: shape, step: step, seed: seed)
      #expect(batch.sources.count == 100 && batch.mask.count == 100 && batch.targets.count == 80)
      #expect(batch.groups == leaders)
      for group in 0..<20 {
        let targets = batch.targets[4 * group..<4 * group + 4]
        let sources = (5 * group..<5 * group + 5).filter { batch.mask[$0] == 1 }
          .map { batch.sources[$0] }
        #expect(targets.first == leaders[group])
        #expect(Set(sources).count == sources.count, "A source counts once.")
        #expect(Set(sources).isDisjoint(with: targets), "seed \(seed), step \(step)")
        #expect(sources.count >= min(1, group) && sources.count <= min(5, group))
        #expect((sources + targets).allSatisfy { levels[Int($0)] == Int32(group) })
        if group >= 8 { #expect(Set(targets).count == 4) }
        #expect(batch.shares[group] == 1 / Float(group + 1))
      }
    }
  }

  @Test func stepsDrawAllMembersAndEveryCount() throws {
    let levels = [Int32](repeating: 3, count: 9)
    let shape = GroupShape(groups: 1, sources: 3, targets: 2)
    var (sources, targets, counts): (Set<Int32>, Set<Int32>, [Int]) = ([], [], [0, 0, 0, 0])
    for step in 0..<600 as Range<UInt32> {
      let batch = try batch(levels, leaders: [4], shape: shape, step: step)
      let chosen = zip(batch.sources, batch.mask).filter { $0.1 == 1 }.map(\.0)
      sources.formUnion(chosen)
      targets.formUnion(batch.targets)
      counts[chosen.count] += 1
    }
    #expect(sources == Set(0..<9).subtracting([4]) && targets == Set(0..<9))
    // Five standard deviations of a binomial count.
    for count in 1...3 { #expect(abs(counts[count] - 200) < 58, "\(counts)") }
  }

  @Test func positionDecides() throws {
    let levels = (0..<60).map { Int32($0 % 3) }
    let shape = GroupShape(groups: 3, sources: 5, targets: 4)
    let first = try batch(levels, leaders: [0, 1, 2], shape: shape, step: 7)
    #expect(try batch(levels, leaders: [0, 1, 2], shape: shape, step: 7) == first)
    #expect(try batch(levels, leaders: [0, 1, 2], shape: shape, step: 8) != first)
    #expect(try batch(levels, leaders: [0, 1, 2], shape: shape, step: 7, seed: 2) != first)
    let turned = try batch(levels, leaders: [2, 1, 0], shape: shape, step: 7)
    #expect(Array(turned.targets.suffix(4)) == Array(first.targets.prefix(4)))
  }

  @Test func recordsWithoutALevelAreAlone() throws {
    let shape = GroupShape(groups: 2, sources: 2, targets: 2)
    let batch = try batch([nil, nil, 0, 0], leaders: [0, 1], shape: shape)
    #expect(batch.mask == [0, 0, 0, 0] && batch.targets == [0, 0, 1, 1])
    #expect(batch.shares == [1, 1])
    let lonely = try RecordGroups(data([0, 1, 2]), by: "face", records: [0, 1, 2])
    #expect(!lonely.hasPairs)
  }
}
