/// Places buffers whose lifetimes don't overlap at the same address.
public enum BufferSharing {
  /// A buffer that is needed from one instruction to another, both included.
  public struct Request: Sendable {
    /// Its size.
    public let bytes: Int
    /// The first and the last instruction that touches it.
    public let lifetime: ClosedRange<Int>

    /// A buffer of `bytes` during `lifetime`.
    public init(bytes: Int, lifetime: ClosedRange<Int>) {
      self.bytes = bytes
      self.lifetime = lifetime
    }
  }

  /// The most buffers that are placed by size, which takes the square of their number.
  private static let mostBySize = 1024

  /// Where each buffer begins, and how large the whole is.
  ///
  /// Placing by size wastes next to nothing. Placing by time wastes up to a quarter with the few large buffers of
  /// a program of pictures, but next to nothing with the thousands of buffers of a wide table.
  public static func place(
    _ requests: [Request], alignment: Int = 64
  ) -> (offsets: [Int], bytes: Int) {
    let aligned = requests.map { request in
      Request(
        bytes: (request.bytes + alignment - 1) / alignment * alignment, lifetime: request.lifetime)
    }
    return requests.count > mostBySize ? placeByTime(aligned) : placeBySize(aligned)
  }

  /// Greedy by size: the largest buffer first, each at the lowest place that is free during its
  /// lifetime (Pisarchyk and Lee, *Efficient Memory Management for Deep Neural Net Inference*, 2020).
  private static func placeBySize(_ requests: [Request]) -> (offsets: [Int], bytes: Int) {
    var offsets = [Int](repeating: 0, count: requests.count)
    var placed: [(start: Int, end: Int, lifetime: ClosedRange<Int>)] = []
    var total = 0
    let order = requests.indices.sorted {
      (-requests[$0].bytes, $0) < (-requests[$1].bytes, $1)
    }
    for index in order {
      let request = requests[index]
      let busy = placed.filter { $0.lifetime.overlaps(request.lifetime) }
        .sorted { $0.start < $1.start }
      var start = 0
      for other in busy {
        if start + request.bytes <= other.start { break }
        start = max(start, other.end)
      }
      offsets[index] = start
      placed.append((start, start + request.bytes, request.lifetime))
      total = max(total, start + request.bytes)
    }
    return (offsets, total)
  }

  /// Instruction by instruction, as an allocator would: buffers that ended give their places back, and those that
  /// begin take theirs, the largest first.
  private static func placeByTime(_ requests: [Request]) -> (offsets: [Int], bytes: Int) {
    var offsets = [Int](repeating: 0, count: requests.count)
    var space = FreeSpace(sizes: Set(requests.map(\.bytes)))
    let beginning = requests.indices.sorted {
      (requests[$0].lifetime.lowerBound, -requests[$0].bytes, $0)
        < (requests[$1].lifetime.lowerBound, -requests[$1].bytes, $1)
    }
    var ending = requests.indices.sorted {
      (requests[$0].lifetime.upperBound, $0) < (requests[$1].lifetime.upperBound, $1)
    }[...]
    for index in beginning {
      let request = requests[index]
      while let ended = ending.first,
        requests[ended].lifetime.upperBound < request.lifetime.lowerBound
      {
        space.give(offsets[ended]..<offsets[ended] + requests[ended].bytes)
        ending.removeFirst()
      }
      offsets[index] = space.take(request.bytes)
    }
    return (offsets, space.end)
  }
}
