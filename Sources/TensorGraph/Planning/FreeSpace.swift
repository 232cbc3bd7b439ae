/// The free places of an arena that grows when none is large enough. Places that meet are joined.
///
/// Taking and giving back cost no more with many free places than with few.
struct FreeSpace {
  /// The sizes of which places are taken, the least first.
  private let sizes: [Int]
  /// For each size, ranges that have room for it and not for the next, the latest last; some are no longer free.
  private var ranges: [[Range<Int>]]
  /// The end of each free range by its start, and the start by its end.
  private var ends: [Int: Int] = [:]
  private var starts: [Int: Int] = [:]
  /// Where the arena ends.
  private(set) var end = 0

  /// An empty arena, of which places of these sizes will be taken.
  init(sizes: Set<Int>) {
    self.sizes = sizes.sorted()
    ranges = Array(repeating: [], count: sizes.count)
  }

  /// Takes a place of one of the sizes, and returns where it begins: in a range of about its size if there is
  /// one, best in that which was free last, since it may still lie in the caches.
  mutating func take(_ size: Int) -> Int {
    for index in (largest(within: size) ?? 0)..<sizes.count {
      while let range = ranges[index].popLast() {
        guard ends[range.lowerBound] == range.upperBound else { continue }
        remove(range)
        give(range.lowerBound + size..<range.upperBound)
        return range.lowerBound
      }
    }
    let start = starts[end] ?? end
    remove(start..<end)
    end = start + size
    return start
  }

  /// Gives a taken place back.
  mutating func give(_ place: Range<Int>) {
    if place.isEmpty { return }
    let start = starts[place.lowerBound] ?? place.lowerBound
    let end = ends[place.upperBound] ?? place.upperBound
    remove(start..<place.lowerBound)
    remove(place.upperBound..<end)
    ends[start] = end
    starts[end] = start
    if let index = largest(within: end - start) { ranges[index].append(start..<end) }
  }

  private mutating func remove(_ range: Range<Int>) {
    if range.isEmpty { return }
    ends[range.lowerBound] = nil
    starts[range.upperBound] = nil
  }

  /// The index of the largest size that fits into `room`; nil if none does.
  private func largest(within room: Int) -> Int? {
    var (low, high) = (0, sizes.count)
    while low < high {
      let middle = (low + high) / 2
      if sizes[middle] <= room { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }
}
