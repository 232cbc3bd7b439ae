import Testing

@testable import CVAETraining

@Suite struct BlockShuffleTests {
  /// Blocks of different sizes, some without training records.
  private let counts: [Int32] = Array(0 as Int32..<37).map { (block: Int32) -> Int32 in
    if block % 6 == 5 { return 0 }
    return (block * 29) % 10
  }

  /// The records of an epoch in their order, as (block, place in it).
  private func records(_ shuffle: BlockShuffle) -> [[Int]] {
    shuffle.windows.indices.flatMap { window in
      let own = shuffle.windows[window].flatMap { block in
        (0..<Int(counts[block])).map { [block, $0] }
      }
      #expect(own.count == shuffle.count(ofWindow: window))
      return shuffle.order(ofWindow: window).map { own[Int($0)] }
    }
  }

  private func shuffle(_ epoch: Int, rank: Int = 0, ranks: Int = 1, seed: UInt64 = 1)
    -> BlockShuffle
  {
    BlockShuffle(
      counts: counts, seed: seed, epoch: epoch, rank: rank, ranks: ranks, blocksOfWindow: 4)
  }

  private var all: Set<[Int]> {
    Set(counts.indices.flatMap { block in (0..<Int(counts[block])).map { [block, $0] } })
  }

  @Test func eachEpochHasEveryRecordOnce() {
    for epoch in 0..<5 {
      let order = records(shuffle(epoch))
      #expect(order.count == all.count && Set(order) == all)
      #expect(shuffle(epoch).count == all.count)
    }
  }

  @Test func epochsAndSeedsDifferAndAreRepeated() {
    let first = records(shuffle(0))
    #expect(first == records(shuffle(0)))
    #expect(first != records(shuffle(1)) && first != records(shuffle(0, seed: 2)))
    // Which blocks are in a window differs too.
    #expect(shuffle(0).windows.map { Set($0) } != shuffle(1).windows.map { Set($0) })
    #expect(first != first.sorted { $0[0] == $1[0] ? $0[1] < $1[1] : $0[0] < $1[0] })
  }

  @Test(arguments: [2, 3, 5])
  func ranksShareTheBlocksOut(ranks: Int) {
    for epoch in 0..<3 {
      let shares = (0..<ranks).map { shuffle(epoch, rank: $0, ranks: ranks) }
      let blocks = shares.map { Set($0.windows.flatMap { $0 }) }
      #expect(blocks.reduce(0) { $0 + $1.count } == counts.count)
      #expect(blocks.reduce(into: Set()) { $0.formUnion($1) } == Set(counts.indices))
      #expect(blocks.allSatisfy { abs($0.count - counts.count / ranks) <= 1 })
      let orders = shares.map(records)
      #expect(orders.reduce(0) { $0 + $1.count } == all.count)
      #expect(Set(orders.flatMap { $0 }) == all)
    }
  }

  /// All ranks make as many as the one with the fewest records, in every epoch.
  @Test func ranksMakeEquallyManyBatches() {
    let batches = BlockShuffle.batches(counts: counts, seed: 1, epochs: 4, ranks: 3, batch: 5)
    let fewest = (0..<4).flatMap { epoch in
      (0..<3).map { shuffle(epoch, rank: $0, ranks: 3).count / 5 }
    }.min()
    #expect(batches == fewest && batches > 0)
  }

  @Test func placesAreFoundInWindows() {
    let shuffle = shuffle(0)
    for window in shuffle.windows.indices where shuffle.count(ofWindow: window) > 0 {
      for place in [shuffle.starts[window], shuffle.starts[window + 1] - 1] {
        #expect(shuffle.window(ofPlace: place) == window)
      }
    }
  }
}
