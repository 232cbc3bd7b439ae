import TensorGraph

extension SharedUpdate {
  /// Where the ranks' gradients and the parameters lie, in memory that neighbours see.
  struct Places {
    let memory: SharedMemory
    /// The own gradients.
    let gradients: UnsafeMutablePointer<Float>
    /// Every rank's gradients; nil for those that can't be seen.
    let gradientsOfRanks: [UnsafeMutablePointer<Float>?]
    /// The parameters of all neighbours.
    let parameters: UnsafeMutableRawPointer
    /// The parameters whose gradients are row-major; those of all others lie as they do.
    let rowMajor: Set<String>
    /// Whether this rank writes the values for all neighbours where the optimiser doesn't.
    let writesParameters: Bool

    /// Room for so many gradients and parameters.
    init(floats: Int, rowMajor: Set<String>, _ communicator: any Communicator) throws {
      let (rank, page) = (communicator.rank, 4096)
      // What is read together begins at different places within a page, so as not to meet in the same cache sets.
      let step = 576
      let size = (floats * 4 + 16 * step + page - 1) / page * page
      let memory = try communicator.shareMemory(bytes: 2 * size)
      func block(_ rank: Int) -> UnsafeMutableRawPointer {
        guard let block = memory.blocks[rank] else {
          preconditionFailure("Rank \(rank)'s memory can't be seen.")
        }
        return block
      }
      self.memory = memory
      self.rowMajor = rowMajor
      gradientsOfRanks = memory.blocks.enumerated().map { other, block in
        block.map { ($0 + other % 8 * step).assumingMemoryBound(to: Float.self) }
      }
      gradients = (block(rank) + rank % 8 * step).assumingMemoryBound(to: Float.self)
      let first = memory.firstNeighbours[rank]
      parameters = block(first) + size + 8 * step
      writesParameters = first == rank
    }
  }
}
