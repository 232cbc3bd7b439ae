/// Blocks of equal size, one from each rank, that every rank gets: again and again, without allocating.
///
/// With n ranks it takes ⌈log₂ n⌉ rounds, in each of which a rank passes on all that it has.
///
/// - Source: Bruck et al., *Efficient Algorithms for All-to-All Communications in Multiport Message-Passing Systems*,
///   1997.
public final class Gathering {
  /// The bytes of a block.
  public let size: Int
  private let communicator: any Communicator
  /// The own block, then those of the ranks that follow, around the circle.
  private let memory: UnsafeMutableRawBufferPointer
  private let rounds: [any Exchange]

  /// Prepares to gather blocks of `size` bytes.
  public init(_ communicator: any Communicator, size: Int) throws {
    self.communicator = communicator
    self.size = size
    let (rank, ranks) = (communicator.rank, communicator.ranks)
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, size * ranks), alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    self.memory = memory
    var rounds: [any Exchange] = []
    var distance = 1
    while distance < ranks {
      let blocks = min(distance, ranks - distance)
      func part(_ first: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: memory[first * size..<(first + blocks) * size])
      }
      rounds.append(
        try communicator.prepare(
          sends: [Message(peer: (rank + ranks - distance) % ranks, bytes: part(0))],
          receives: [Message(peer: (rank + distance) % ranks, bytes: part(distance))]))
      distance *= 2
    }
    self.rounds = rounds
  }

  deinit { memory.deallocate() }

  /// The own block, to be written before ``run()``.
  public var own: UnsafeMutableRawBufferPointer { block(of: communicator.rank) }

  /// A rank's block, of the last run.
  public func block(of rank: Int) -> UnsafeMutableRawBufferPointer {
    let place = (rank - communicator.rank + communicator.ranks) % communicator.ranks
    return UnsafeMutableRawBufferPointer(rebasing: memory[place * size..<(place + 1) * size])
  }

  /// Exchanges the blocks.
  public func run() throws {
    try communicator.communicating {
      for round in rounds {
        try round.start()
        try round.finish()
      }
    }
  }
}

extension Communicator {
  /// Every rank's bytes, by rank; they may be of different lengths.
  public func gather(_ bytes: [UInt8]) throws -> [[UInt8]] {
    let lengths = try Gathering(self, size: MemoryLayout<Int>.size)
    lengths.own.storeBytes(of: bytes.count, as: Int.self)
    try lengths.run()
    let counts = (0..<ranks).map { lengths.block(of: $0).load(as: Int.self) }
    let most = counts.max() ?? 0
    guard most > 0 else { return counts.map { _ in [] } }
    let texts = try Gathering(self, size: most)
    texts.own.copyBytes(from: bytes)
    try texts.run()
    return (0..<ranks).map { Array(texts.block(of: $0).prefix(counts[$0])) }
  }
}
