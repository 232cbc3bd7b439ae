import TensorGraph

/// How the ranks of a run share the records of a batch: in order, in parts as equal as can be.
struct BatchShares: Sendable {
  let rank: Int
  let ranks: Int

  init(rank: Int, ranks: Int) {
    self.rank = rank
    self.ranks = ranks
  }

  /// A process alone where there is no communicator.
  init(_ communicator: (any Communicator)?) {
    rank = communicator?.rank ?? 0
    ranks = communicator?.ranks ?? 1
  }

  /// The rows of a rank in a batch of `count`; none where there are more ranks than rows.
  func rows(of count: Int, rank: Int) -> Range<Int> {
    // The first ranks have the larger parts, so that rank 0 always has the largest.
    let (least, rest) = count.quotientAndRemainder(dividingBy: ranks)
    let start = rank * least + min(rank, rest)
    return start..<start + least + (rank < rest ? 1 : 0)
  }

  /// The rows that this rank computes: its own, or the first where it has none.
  func computedRows(of count: Int) -> Range<Int> {
    let own = rows(of: count, rank: rank)
    return own.isEmpty ? 0..<1 : own
  }

  /// How many rows this rank computes.
  func computedCount(of count: Int) -> Int { computedRows(of: count).count }

  /// How many of the rows that this rank computes count.
  func ownCount(of count: Int) -> Int { rows(of: count, rank: rank).count }

  /// The most rows that any rank has.
  func largestCount(of count: Int) -> Int { rows(of: count, rank: 0).count }

  /// Whether each rank reads its own blocks of a stored table: if it has so many that it hardly matters that some have
  /// one more than others. Of fewer, all ranks read all blocks.
  func readOwnBlocks(of blocks: Int) -> Bool { ranks > 1 && blocks >= 64 * ranks }

  /// The share of a batch's rows that each rank has.
  func shares(of count: Int) -> [Double] {
    (0..<ranks).map { Double(rows(of: count, rank: $0).count) / Double(count) }
  }
}
