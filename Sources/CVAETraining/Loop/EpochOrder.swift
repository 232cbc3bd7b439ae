import CVAEModels
import ConditionalData
import RecordTypes

/// Where the records of a batch are: among all, or in a window of a stored table.
struct TrainingBatch {
  /// The size and the records, by their places.
  let batch: BatchPlan.Batch
  /// The records in memory that the places count; nil for all records.
  let window: RecordWindow?
  /// Whether it is a rank's part of a batch, not all of it.
  let isPart: Bool
}

/// Some records of a stored table in memory.
struct RecordWindow: Sendable {
  /// Tells the windows of an epoch apart.
  let id: Int
  let records: Records
  /// The records' numbers in the table.
  let numbers: [Int32]
  /// The records of the window's blocks, behind those that were left of the window before.
  let ofBlocks: Range<Int32>
  /// The number of all records of the table.
  let tableCount: Int
}

/// The batches of an epoch, from one of them on.
struct EpochOrder {
  private enum Source {
    case memory([BatchPlan.Batch])
    case stored(WindowedOrder)
  }

  private var source: Source

  /// The batches of `epoch` from number `first` on, which are then taken one after the other. Of a large stored
  /// table, each of several ranks reads blocks of its own and gets its part of each batch; else all get whole batches.
  init(
    _ trainer: Trainer, epoch: Int, from first: Int, shuffled: () -> [Int32]
  ) throws {
    if let stored = trainer.data.stored {
      source = .stored(WindowedOrder(trainer, stored, epoch: epoch, from: first))
    } else {
      source = .memory(trainer.plan.batches(shuffled()))
    }
  }

  /// The batch of a number, which is the next one.
  ///
  /// - Throws: `DamagedTable`, `FileFailure`.
  mutating func batch(_ number: Int) throws -> TrainingBatch {
    switch source {
    case .memory(let batches):
      return TrainingBatch(batch: batches[number], window: nil, isPart: false)
    case .stored(var order):
      // Emptied, so that the window isn't copied.
      source = .memory([])
      defer { source = .stored(order) }
      return try order.next()
    }
  }
}

/// The batches of an epoch of a stored table, for which one window after the other is read.
struct WindowedOrder {
  private let stored: StoredSplit
  private let shuffle: BlockShuffle
  private let fields: [String]
  private let size: Int
  private let isPart: Bool
  /// The place in the epoch's order of the next batch's first record.
  private var place: Int
  private var window: RecordWindow?
  /// The places in the window of the records that are still to come.
  private var rest: ArraySlice<Int32> = []
  private var nextWindow: Int

  init(
    _ trainer: Trainer, _ stored: StoredSplit, epoch: Int, from first: Int,
    shares: BatchShares? = nil, ownBlocks: Bool? = nil, blocksOfWindow: Int? = nil
  ) {
    let shares = shares ?? trainer.shares
    let isPart = ownBlocks ?? shares.readOwnBlocks(of: stored.counts.count)
    self.isPart = isPart

    self.stored = stored
    fields = trainer.model.schema.fields.map(\.name)
    shuffle = BlockShuffle(
      counts: stored.counts, seed: trainer.configuration.training.seed, epoch: epoch,
      rank: isPart ? shares.rank : 0, ranks: isPart ? shares.ranks : 1,
      blocksOfWindow: blocksOfWindow ?? BlockShuffle.blocksOfWindow(columns: fields.count))
    let records = trainer.plan.sizes[0].records
    size = isPart ? shares.computedCount(of: records) : records
    place = first * size
    nextWindow = shuffle.window(ofPlace: place)
  }

  /// The next batch, which exists.
  ///
  /// - Throws: `DamagedTable`, `FileFailure`.
  mutating func next() throws -> TrainingBatch {
    if window == nil {
      // A resumed epoch begins within a window.
      let skipped = place - shuffle.starts[nextWindow]
      try read()
      rest = rest.dropFirst(skipped)
    }
    while rest.count < size, nextWindow < shuffle.windows.count { try read() }
    let batch = BatchPlan.Batch(size: 0, records: Array(rest.prefix(size)))
    rest = rest.dropFirst(size)
    place += size
    return TrainingBatch(batch: batch, window: window, isPart: isPart)
  }

  /// Reads the next window behind what is left of the one before.
  private mutating func read() throws {
    var (records, numbers): (Records?, [Int32]) = (nil, [])
    if let window, !rest.isEmpty {
      let left = rest.map { Int($0) }
      (records, numbers) = (window.records.selecting(left), left.map { window.numbers[$0] })
    }
    // Before the next one is read, so that one at a time is in memory.
    window = nil
    let number = nextWindow
    let read = try stored.training(
      ofBlocks: shuffle.windows[number], fields: fields, count: shuffle.count(ofWindow: number))
    let before = Int32(numbers.count)
    rest = (Array(0..<before) + shuffle.order(ofWindow: number).map { before + $0 })[...]
    numbers += read.numbers
    window = RecordWindow(
      id: number, records: records.map { .joining([$0, read.records]) } ?? read.records,
      numbers: numbers, ofBlocks: before..<Int32(numbers.count), tableCount: stored.table.count)
    nextWindow += 1
  }
}
