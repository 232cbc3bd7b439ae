import TensorGraph

extension SharedUpdate {
  /// Where the ranks' gradients, the parameters and their copies lie, in memory that neighbours see.
  struct Places {
    let memory: SharedMemory
    /// The own gradients.
    let gradients: UnsafeMutablePointer<Float>
    /// Every rank's gradients; nil for those that can't be seen.
    let gradientsOfRanks: [UnsafeMutablePointer<Float>?]
    /// The parameters of all neighbours.
    let parameters: UnsafeMutableRawPointer
    /// Copies of parameters that all ranks see; none where not all see the same memory.
    let copies: [UnsafeMutableRawPointer]
    /// The parameters whose gradients are row-major; those of all others lie as they do.
    let rowMajor: Set<String>
    /// Whether this rank writes the values for all neighbours where the optimiser doesn't.
    let writesParameters: Bool

    private static let page = 4096
    /// What is read together begins at different places within a page, so as not to meet in the same cache sets.
    private static let step = 576

    /// Room for so many gradients and parameters, and for copies of so many bytes.
    ///
    /// - Throws: ``RankMismatch`` where gradients are row-major, and so can't be sent, but not all ranks see each other's.
    init(
      floats: Int, copies sizes: [Int], _ rowMajor: Set<String>, _ communicator: any Communicator
    ) throws {
      let rank = communicator.rank
      func pages(_ bytes: Int) -> Int { (bytes + Self.page - 1) / Self.page * Self.page }
      let size = pages(floats * 4 + 16 * Self.step)
      let extents = sizes.map { ($0 + 63) / 64 * 64 }
      let bytes = 2 * size + pages(extents.reduce(0, +))
      let memory = try communicator.shareMemory(bytes: bytes)
      if !rowMajor.isEmpty, !memory.isOfAll {
        let other = memory.firstNeighbours.firstIndex { $0 != 0 } ?? 0
        throw RankMismatch(
          subject: "memory that the ranks of a machine share", rank: other,
          host: communicator.hosts[other], expected: "\(bytes) bytes for each rank",
          actual: "none that all see",
          remedy:
            "raise the limits of memory and files (ulimit -v, ulimit -f), or start fewer ranks here"
        )
      }
      func block(_ rank: Int) -> UnsafeMutableRawPointer {
        guard let block = memory.blocks[rank] else {
          preconditionFailure("Rank \(rank)'s memory can't be seen.")
        }
        return block
      }
      self.memory = memory
      self.rowMajor = rowMajor
      gradientsOfRanks = memory.blocks.enumerated().map { other, block in
        block.map { ($0 + other % 8 * Self.step).assumingMemoryBound(to: Float.self) }
      }
      gradients = (block(rank) + rank % 8 * Self.step).assumingMemoryBound(to: Float.self)
      let first = memory.firstNeighbours[rank]
      parameters = block(first) + size + 8 * Self.step
      writesParameters = first == rank
      var place = block(first) + 2 * size
      copies =
        memory.isOfAll
        ? extents.map { extent in
          defer { place += extent }
          return place
        } : []
    }
  }
}
