/// A block of memory for each rank, zeroed at first. A process sees its own and those of its neighbours, the ranks that run on
/// its machine and can open its memory; blocks are given back with the value.
public final class SharedMemory {
  /// Where a rank's block lies in this process; nil where it can't be seen. They begin at pages.
  public let blocks: [UnsafeMutableRawPointer?]
  /// The first of each rank's neighbours, itself included; the same on all ranks.
  public let firstNeighbours: [Int]
  private let free: () -> Void

  /// Memory that `free` gives back.
  public init(
    blocks: [UnsafeMutableRawPointer?], firstNeighbours: [Int], free: @escaping () -> Void
  ) {
    self.blocks = blocks
    self.firstNeighbours = firstNeighbours
    self.free = free
  }

  deinit { free() }

  /// Whether any two ranks see the same memory; the same on all ranks.
  public var isShared: Bool { firstNeighbours != Array(firstNeighbours.indices) }

  /// Whether all ranks see the same memory.
  public var isOfAll: Bool { firstNeighbours.allSatisfy { $0 == 0 } }

  /// The neighbour of `rank` that deals with what concerns the rank `other`: so neighbours share such work.
  public func neighbour(of rank: Int, for other: Int) -> Int {
    let all = firstNeighbours.indices.filter { firstNeighbours[$0] == firstNeighbours[rank] }
    return all[other % all.count]
  }

  /// Each rank's memory is its own.
  static func unshared(bytes: Int, rank: Int, ranks: Int) -> SharedMemory {
    let block = UnsafeMutableRawPointer.allocate(byteCount: max(1, bytes), alignment: 4096)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    return SharedMemory(
      blocks: (0..<ranks).map { $0 == rank ? block : nil }, firstNeighbours: Array(0..<ranks)
    ) { block.deallocate() }
  }
}
