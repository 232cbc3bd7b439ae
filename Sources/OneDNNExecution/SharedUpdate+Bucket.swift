internal import CFusedLoops
import TensorGraph

extension SharedUpdate {
  /// Gradients that are exchanged together, and what a rank does with its part of them.
  final class Bucket {
    /// A parameter, and where it and its gradient lie, in numbers.
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
    /// The gradients of ranks that send theirs, for the own part.
    private let received: AlignedMemory
    /// Moments of the own part.
    let first: UnsafeMutableBufferPointer<Float>
    let second: UnsafeMutableBufferPointer<Float>
    private let moments: AlignedMemory
    /// Where the gradient of each parameter of the own part lies, rank by rank.
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
      var end = start
      parts = storages.map { storage in
        let range = end..<end + storage.layout.paddedCount
        end += AlignedMemory.roundedCount(storage.layout.paddedCount)
        return Part(storage: storage, range: range)
      }
      self.end = end
      let (whole, parts) = (start..<end, self.parts)
      func border(_ rank: Int) -> Int {
        let ideal = whole.lowerBound + whole.count * rank / ranks
        guard let part = parts.first(where: { $0.range.contains(ideal) }) else {
          // Between two parameters, or at the end.
          return parts.first { $0.range.lowerBound >= ideal }?.range.lowerBound ?? whole.upperBound
        }
        let inside = ideal - part.range.lowerBound
        let block = Int(CVAE_ADAM_BLOCK)
        return part.range.lowerBound + inside / block * block
      }
      let shards = (0..<ranks).map { border($0)..<border($0 + 1) }
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
        UnsafeMutableRawBufferPointer(
          start: places.gradients + range.lowerBound, count: range.count * 4)
      }
      // Parameters lie side by side as their gradients do.
      func parameters(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(
          start: places.parameters + range.lowerBound * 4, count: range.count * 4)
      }
      // Where a rank's gradients for the bucket begin, as far as the own part goes.
      func place(of other: Int) -> UnsafeMutablePointer<Float> {
        if let seen = places.gradientsOfRanks[other] { return seen }
        let index = distant.firstIndex(of: other) ?? 0
        return received.pointer.assumingMemoryBound(to: Float.self) + index * own.count
          - own.lowerBound
      }
      func messages(
        _ peers: [Int], _ bytes: (Int) -> UnsafeMutableRawBufferPointer
      ) -> [Message] {
        peers.map { Message(peer: $0, bytes: bytes($0)) }.filter { !$0.bytes.isEmpty }
      }
      toOwners = try communicator.prepare(
        sends: messages(distant) { bytes(shards[$0]) },
        receives: messages(distant) {
          UnsafeMutableRawBufferPointer(
            start: place(of: $0) + own.lowerBound, count: own.count * 4)
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
      sources = .allocate(capacity: max(1, parts.count * ranks))
      for part in parts {
        let piece = piece(of: part, rank: rank)
        guard !piece.isEmpty else { continue }
        let gradients = sources + tensorCount * ranks
        for other in 0..<ranks {
          (gradients + other).initialize(
            to: UnsafePointer(place(of: other) + part.range.lowerBound))
        }
        let isRowMajor = places.rowMajor.contains(part.storage.parameter.name)
        let copy = part.storage.narrowForm.flatMap { $0.isOfRanks ? $0 : nil }
        var interleave = 0
        if case .interleaved(let width) = copy?.order { interleave = width }
        (tensors + tensorCount).initialize(
          to: cvae_adam_tensor(
            weights: part.values, gradient: nil, gradients: UnsafePointer(gradients),
            first: address(first, part), second: address(second, part),
            copy: copy?.memory?.pointer.assumingMemoryBound(to: UInt16.self),
            interleave: interleave,
            from: piece.lowerBound - part.range.lowerBound, count: piece.count,
            panels: isRowMajor ? part.storage.panels ?? cvae_panels() : cvae_panels()))
        tensorCount += 1
      }
    }

    deinit {
      sources.deallocate()
      tensors.deallocate()
    }

    /// Where a part's moments would begin if all of them were here.
    private func address(
      _ moment: UnsafeMutableBufferPointer<Float>, _ part: Part
    ) -> UnsafeMutablePointer<Float> {
      let start = moments.pointer.assumingMemoryBound(to: Float.self)
      return (moment.baseAddress ?? start) + (part.range.lowerBound - own.lowerBound)
    }

    /// What a rank owns of a parameter's gradient; it may be empty.
    func piece(of part: Part, rank: Int) -> Range<Int> { part.range.clamped(to: shards[rank]) }

    /// Where an own piece's moments lie.
    func places(of piece: Range<Int>) -> Range<Int> {
      if piece.isEmpty { return 0..<0 }
      return piece.lowerBound - own.lowerBound..<piece.upperBound - own.lowerBound
    }
  }
}

extension SharedUpdate.Bucket.Part {
  fileprivate var values: UnsafeMutablePointer<Float> {
    storage.values.pointer.assumingMemoryBound(to: Float.self)
  }
}
