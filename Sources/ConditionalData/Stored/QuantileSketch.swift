/// The distribution of numbers that come one by one: exact up to a million of them, in bounded memory beyond.
///
/// Beyond a million, buffers of 65,536 numbers are sorted when they are full, and every second number goes to the next
/// buffer, in which each counts twice as much; whether the first or the second of a pair goes alternates. A buffer of weight
/// *w* is emptied at most n / (65,536 w) times, and each time the rank of any number changes by at most *w*. So a rank
/// of *n* numbers is wrong by at most ⌈log₂(n / 65,536)⌉ · n / 65,536: by 1.4e-4 of all for 20 million, by 2.2e-4 for a
/// billion. The least and the greatest number are exact.
///
/// - Source: Manku, Rajagopalan, Lindsay, *Random Sampling Techniques for Space Efficient Online Computation of Order
///   Statistics of Large Datasets*, 1999; Karnin, Lang, Liberty, *Optimal Quantile Approximation in Streams*, 2016.
struct QuantileSketch {
  /// So many numbers are kept as they are.
  private let mostExact: Int
  /// The numbers of a buffer.
  private let capacity: Int
  /// Buffers whose numbers count 1, 2, 4 …
  private var buffers: [[Double]] = [[]]
  /// Whether the next compaction of a buffer passes on the second number of each pair.
  private var takesSecond: [Bool] = [false]
  /// The number of numbers.
  private(set) var count = 0
  private var least = Double.infinity
  private var greatest = -Double.infinity

  /// No numbers yet.
  init(mostExact: Int = 1_000_000, capacity: Int = 1 << 16) {
    self.mostExact = mostExact
    self.capacity = capacity
  }

  /// All numbers in the order in which they came; nil once they are more than are kept.
  var exact: [Double]? { buffers.count == 1 ? buffers[0] : nil }

  /// How far the rank of a number can be from the truth, as a share of all numbers.
  var rankError: Double {
    guard buffers.count > 1 else { return 0 }
    return Double(buffers.count - 1) / Double(capacity)
  }

  /// Adds a number.
  mutating func add(_ number: Double) {
    count += 1
    least = min(least, number)
    greatest = max(greatest, number)
    buffers[0].append(number)
    if buffers[0].count > (buffers.count == 1 ? mostExact : capacity - 1) { compact(from: 0) }
  }

  /// Adds the numbers of another sketch of the same sizes.
  mutating func merge(_ other: QuantileSketch) {
    count += other.count
    least = min(least, other.least)
    greatest = max(greatest, other.greatest)
    while buffers.count < other.buffers.count { grow() }
    for (level, numbers) in other.buffers.enumerated() { buffers[level] += numbers }
    for level in buffers.indices
    where buffers[level].count > (buffers.count == 1 ? mostExact : capacity - 1) {
      compact(from: level)
    }
  }

  private mutating func grow() {
    buffers.append([])
    takesSecond.append(false)
  }

  /// Passes on every second number of a full buffer, and of the next ones as they fill up.
  private mutating func compact(from first: Int) {
    var level = first
    while buffers[level].count >= capacity {
      if level + 1 == buffers.count { grow() }
      var numbers = buffers[level]
      buffers[level] = []
      numbers.sort()
      // Without a partner the last one stays.
      if numbers.count % 2 == 1 { buffers[level] = [numbers.removeLast()] }
      let start = takesSecond[level] ? 1 : 0
      takesSecond[level].toggle()
      buffers[level + 1] += stride(from: start, to: numbers.count, by: 2).map { numbers[$0] }
      level += 1
    }
  }

  /// Rising numbers that are distributed alike: all that came, or a million of them with equal distances between their
  /// ranks.
  var sorted: [Double] {
    if let exact { return exact.sorted() }
    var weighted: [(number: Double, weight: Int)] = []
    for (level, numbers) in buffers.enumerated() {
      weighted += numbers.map { ($0, 1 << level) }
    }
    weighted.sort { $0.number < $1.number }
    let total = weighted.reduce(0) { $0 + $1.weight }
    var sorted: [Double] = []
    sorted.reserveCapacity(mostExact)
    var (place, rank) = (0, weighted[0].weight)
    for index in 0..<mostExact {
      let wanted = (Double(index) + 0.5) / Double(mostExact) * Double(total)
      while Double(rank) < wanted, place + 1 < weighted.count {
        place += 1
        rank += weighted[place].weight
      }
      sorted.append(weighted[place].number)
    }
    sorted[0] = least
    sorted[mostExact - 1] = greatest
    return sorted
  }
}
