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

  /// Where each buffer begins, and how large the whole is.
  ///
  /// Greedy by size: the largest buffer first, each at the lowest place that is free during its
  /// lifetime (Pisarchyk and Lee, *Efficient Memory Management for Deep Neural Net Inference*, 2020).
  public static func place(
    _ requests: [Request], alignment: Int = 64
  ) -> (offsets: [Int], bytes: Int) {
    var offsets = [Int](repeating: 0, count: requests.count)
    var placed: [(start: Int, end: Int, lifetime: ClosedRange<Int>)] = []
    var total = 0
    let order = requests.indices.sorted {
      requests[$0].bytes != requests[$1].bytes ? requests[$0].bytes > requests[$1].bytes : $0 < $1
    }
    for index in order {
      let request = requests[index]
      let size = (request.bytes + alignment - 1) / alignment * alignment
      let busy = placed.filter { $0.lifetime.overlaps(request.lifetime) }
        .sorted { $0.start < $1.start }
      var start = 0
      for other in busy {
        if start + size <= other.start { break }
        start = max(start, other.end)
      }
      offsets[index] = start
      placed.append((start, start + size, request.lifetime))
      total = max(total, start + size)
    }
    return (offsets, total)
  }
}
