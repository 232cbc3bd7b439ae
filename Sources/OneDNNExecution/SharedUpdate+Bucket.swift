internal import CFusedLoops
import TensorGraph

extension SharedUpdate {
  /// Gradients that are exchanged together, and what a rank does with its part of them.
  final class Bucket {
    /// A parameter, and where its gradient lies, in numbers.
    struct Part {
      let storage: ParameterStorage
      let range: Range<Int>
    }

    let parts: [Part]
    /// Where the bucket ends.
    let end: Int
    /// The part that each rank owns.
    private let shards: [Range<Int>]
    private let rank: Int
    private let gradients: UnsafeMutablePointer<Float>
    /// The other ranks' gradients for the own part.
    private let received: AlignedMemory
    /// Moments of the own part.
    let first: UnsafeMutableBufferPointer<Float>
    let second: UnsafeMutableBufferPointer<Float>
    private let moments: AlignedMemory
    /// Every rank's gradients for the own part, by rank.
    private let sources: UnsafeMutablePointer<UnsafePointer<Float>>
    /// The own part as the optimiser's loop wants to see it.
    let tensors: UnsafeMutablePointer<cvae_adam_tensor>
    private(set) var tensorCount = 0
    /// Brings each part of the gradients to its owner.
    let toOwners: any Exchange
    /// Brings each updated part of the parameters to all.
    let fromOwners: any Exchange

    /// The part that this rank owns.
    var own: Range<Int> { shards[rank] }

    init(
      _ storages: [ParameterStorage], from start: Int, of places: Places,
      _ session: OneDNNSession, _ communicator: any Communicator
    ) throws {
      let (rank, ranks) = (communicator.rank, communicator.ranks)
      self.rank = rank
      let floats = places.gradients
      gradients = floats
      var end = start
      parts = storages.map { storage in
        let range = end..<end + storage.layout.paddedCount
        end += AlignedMemory.roundedCount(storage.layout.paddedCount)
        return Part(storage: storage, range: range)
      }
      self.end = end
      // Borders are those of cache lines.
      let lines = (end - start) / 16
      let shards = (0..<ranks).map { other in
        start + 16 * (lines * other / ranks)..<start + 16 * (lines * (other + 1) / ranks)
      }
      self.shards = shards
      let own = shards[rank]
      let memory = places.memory
      // Messages go only where memory can't be seen.
      let distant = (0..<ranks).filter { memory.blocks[$0] == nil }
      let received = session.allocate(bytes: max(1, own.count * 4 * distant.count))
      self.received = received
      let moments = session.allocate(bytes: max(1, own.count * 8))
      self.moments = moments
      let both = UnsafeMutableBufferPointer(
        start: moments.pointer.assumingMemoryBound(to: Float.self), count: 2 * own.count)
      first = UnsafeMutableBufferPointer(rebasing: both[..<own.count])
      second = UnsafeMutableBufferPointer(rebasing: both[own.count...])
      func bytes(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: floats + range.lowerBound, count: range.count * 4)
      }
      // Parameters lie side by side as their gradients do.
      func parameters(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(
          start: places.parameters + range.lowerBound * 4, count: range.count * 4)
      }
      func place(of other: Int) -> UnsafeMutablePointer<Float> {
        if let seen = places.gradientsOfRanks[other] { return seen + own.lowerBound }
        let index = distant.firstIndex(of: other) ?? 0
        return received.pointer.assumingMemoryBound(to: Float.self) + index * own.count
      }
      sources = .allocate(capacity: ranks)
      for other in 0..<ranks { (sources + other).initialize(to: UnsafePointer(place(of: other))) }
      func messages(
        _ peers: [Int], _ bytes: (Int) -> UnsafeMutableRawBufferPointer
      ) -> [Message] {
        peers.map { Message(peer: $0, bytes: bytes($0)) }.filter { !$0.bytes.isEmpty }
      }
      toOwners = try communicator.prepare(
        sends: messages(distant) { bytes(shards[$0]) },
        receives: messages(distant) {
          UnsafeMutableRawBufferPointer(start: place(of: $0), count: own.count * 4)
        })
      // One of the neighbours receives for all.
      fromOwners = try communicator.prepare(
        sends: messages(distant.filter { memory.neighbour(of: $0, for: rank) == $0 }) { _ in
          parameters(own)
        },
        receives: messages(distant.filter { memory.neighbour(of: rank, for: $0) == rank }) {
          parameters(shards[$0])
        })
      tensors = .allocate(capacity: max(1, parts.count))
      for part in parts {
        let piece = piece(of: part, rank: rank)
        guard !piece.isEmpty else { continue }
        (tensors + tensorCount).initialize(
          to: cvae_adam_tensor(
            weights: part.values + (piece.lowerBound - part.range.lowerBound),
            gradient: floats + piece.lowerBound, first: address(first, piece),
            second: address(second, piece), copy: nil, interleave: 0, count: piece.count,
            panels: cvae_panels()))
        tensorCount += 1
      }
    }

    deinit {
      sources.deallocate()
      tensors.deallocate()
    }

    private func address(
      _ moment: UnsafeMutableBufferPointer<Float>, _ piece: Range<Int>
    ) -> UnsafeMutablePointer<Float> {
      let start = moments.pointer.assumingMemoryBound(to: Float.self)
      return (moment.baseAddress ?? start) + (piece.lowerBound - own.lowerBound)
    }

    /// What a rank owns of a parameter's gradient; it may be empty.
    func piece(of part: Part, rank: Int) -> Range<Int> { part.range.clamped(to: shards[rank]) }

    /// Where an own piece's moments lie.
    func places(of piece: Range<Int>) -> Range<Int> {
      if piece.isEmpty { return 0..<0 }
      return piece.lowerBound - own.lowerBound..<piece.upperBound - own.lowerBound
    }

    /// Sums all ranks' gradients for the own part, in the order of the ranks.
    func sum(_ weights: [Float], _ threads: Int32) {
      cvae_weighted_sum(
        sources, weights, weights.count, gradients + own.lowerBound, own.count, threads)
    }
  }
}

extension SharedUpdate.Bucket.Part {
  fileprivate var values: UnsafeMutablePointer<Float> {
    storage.values.pointer.assumingMemoryBound(to: Float.self)
  }
}
