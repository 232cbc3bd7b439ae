import TensorGraph

/// A random order of training records that lie in blocks, of which only a window of a few is in memory at a time.
///
/// The blocks of an epoch are put into an order by key, windows are made of 64 of them in turn (fewer in wide tables), and the records of a window
/// are put into an order by key. Of several ranks, each takes every so many-th block of the order, and reads no other.
///
/// All is a function of seed, epoch, counts and rank.
package struct BlockShuffle: Sendable {
  /// The blocks of each window, in their order.
  package let windows: [[Int]]
  /// How many records come before each window, and at last how many there are.
  package let starts: [Int]

  private let position: RandomPosition

  /// Blocks of 4,096 records: a window has 262,144, fewer in a table of more than 32 columns.
  package static func blocksOfWindow(columns: Int) -> Int {
    max(4, min(64, 2048 / max(1, columns)))
  }

  /// - Parameters:
  ///   - counts: How many training records each block has.
  ///   - rank: Which of `ranks` shares is taken.
  package init(
    counts: [Int32], seed: UInt64, epoch: Int, rank: Int = 0, ranks: Int = 1,
    blocksOfWindow: Int
  ) {
    precondition(rank >= 0 && rank < ranks, "Expected a rank below \(ranks), got \(rank).")
    position = RandomPosition(seed: seed, step: UInt32(truncatingIfNeeded: epoch))
    let order = position.permutation(RandomPurpose("shuffle blocks"), count: counts.count)
    let own = stride(from: rank, to: order.count, by: ranks).map { Int(order[$0]) }
    windows = stride(from: 0, to: own.count, by: blocksOfWindow).map {
      Array(own[$0..<min($0 + blocksOfWindow, own.count)])
    }
    starts = windows.reduce(into: [0]) { starts, blocks in
      starts.append(starts[starts.count - 1] + blocks.reduce(0) { $0 + Int(counts[$1]) })
    }
  }

  /// The number of records.
  package var count: Int { starts[starts.count - 1] }

  /// The number of records of a window.
  package func count(ofWindow window: Int) -> Int { starts[window + 1] - starts[window] }

  /// The window in which the record at a place of the order is.
  package func window(ofPlace place: Int) -> Int {
    var (low, high) = (0, windows.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= place { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The order of a window's records, by their places in its blocks.
  package func order(ofWindow window: Int) -> [Int32] {
    position.permutation(
      RandomPurpose("shuffle window \(window)"), count: count(ofWindow: window))
  }

  /// How many whole batches every rank can make in each of the epochs.
  package static func batches(
    counts: [Int32], seed: UInt64, epochs: Int, ranks: Int, batch: Int
  ) -> Int {
    (0..<epochs).flatMap { epoch in
      (0..<ranks).map { rank in
        BlockShuffle(
          counts: counts, seed: seed, epoch: epoch, rank: rank, ranks: ranks, blocksOfWindow: 1
        ).count / batch
      }
    }.min() ?? 0
  }
}
