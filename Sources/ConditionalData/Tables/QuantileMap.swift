import Foundation
import RecordTypes

/// A rising map from a column's numbers to a standard normal variable and back, fitted to the column:
/// z = Φ⁻¹(F(x)), with F the training records' distribution.
///
/// Heavy tails, several modes and spikes at one value all become one bell curve. F is linear between knots, and
/// jumps at values that many records share: such a value takes the whole interval of its jump, and
/// everything drawn from that interval becomes exactly this value again. So do the two values beside a wide gap, of
/// which each takes half of an interval that no record falls into: what is drawn a little beside one group of numbers
/// isn't taken for the other. Drawn numbers lie within the training records' range.
///
/// - Source: van der Vaart, *Asymptotic Statistics*, 1998, chapter 21, for the quantile transform;
///   Uria, Murray, Larochelle, *RNADE*, 2013, for noise that makes shared values continuous.
public struct QuantileMap: Codable, Hashable, Sendable {
  /// The knots, rising.
  private(set) var values: [Double]
  /// F just below each knot.
  let below: [Double]
  /// F at each knot.
  let upTo: [Double]
  /// Half a record's share: the probability that likelihoods give to each gap without records, and to the
  /// outside of the records' range.
  let leastShare: Double
  /// Where the search for a share's knot begins: for each of many equal parts of the shares, the first knot that
  /// reaches it.
  private let guide: [Int32]

  /// A value is a jump if at least one in so many records has it, or if there are few different ones.
  private static let finest = 1024
  /// Every value among so many records at either end is a knot; between them knots lie farther apart.
  private static let recordsOfTail = 8

  /// Fits the map to numbers; nil where there is none.
  init?(_ numbers: [Double]) { self.init(sorted: numbers.sorted()) }

  /// Fits the map to rising numbers.
  init?(sorted: [Double]) {
    guard let last = sorted.last else { return nil }
    let areFew = Self.areFew(sorted)
    let leastShared = areFew ? 1 : max(2, sorted.count / Self.finest)
    let count = Double(sorted.count)
    let gaps = areFew ? [] : Self.gaps(sorted)
    let edges = Set(gaps.flatMap { [sorted[$0.start], sorted[$0.start - 1]] })
    var knots: [(value: Double, below: Double, upTo: Double)] = []
    var start = 0
    var next = 0
    // Close to both ends a value may lie far from the next one, and few records show where.
    func following(_ end: Int) -> Int {
      end + min(leastShared, max(1, min(end, sorted.count - end) / Self.recordsOfTail))
    }
    for end in 1...sorted.count where end == sorted.count || sorted[end] != sorted[end - 1] {
      let value = sorted[start]
      if end - start >= leastShared {
        knots.append((value, Double(start) / count, Double(end) / count))
        next = following(end)
      } else if start == 0 || end >= next || value == last || edges.contains(value) {
        let share = start == 0 ? 0 : value == last ? 1 : Double(start + end) / 2 / count
        knots.append((value, share, share))
        next = following(end)
      }
      start = end
    }
    var total = 1.0
    for gap in gaps {
      let middle = Double(gap.start) / count + total - 1 + gap.width / 2
      total += gap.width
      for place in knots.indices {
        if knots[place].value == sorted[gap.start - 1] { knots[place].upTo = middle }
        guard knots[place].value >= sorted[gap.start] else { continue }
        knots[place].below += gap.width
        knots[place].upTo += gap.width
        if knots[place].value == sorted[gap.start] { knots[place].below = middle }
      }
    }
    for place in knots.indices {
      knots[place].below /= total
      knots[place].upTo /= total
    }
    values = knots.map(\.value)
    below = knots.map(\.below)
    upTo = knots.map(\.upTo)
    leastShare = 0.5 / count
    guide = Self.guide(upTo)
  }

  /// The wide gaps: the place in `sorted` of the first number above each, and the share that it takes.
  ///
  /// A gap is a fifth of the numbers' range, and has at least four numbers and a thousandth of them on either side.
  /// As a normal variable it is about a standard deviation wide.
  private static func gaps(_ sorted: [Double]) -> [(start: Int, width: Double)] {
    let least = max(4, sorted.count / 1000)
    guard sorted.count >= 2 * least else { return [] }
    let widest = sorted[sorted.count - 1] / 5 - sorted[0] / 5
    return (least...sorted.count - least).compactMap { start in
      guard widest > 0, sorted[start] - sorted[start - 1] >= widest else { return nil }
      let z = NormalDistribution.quantile(Double(start) / Double(sorted.count))
      return (start, min(max(exp(NormalDistribution.logDensity(z)), 0.01), 0.3))
    }
  }

  /// Whether few numbers differ, so that each of them is a jump, and nothing between them is drawn.
  private static func areFew(_ sorted: [Double]) -> Bool {
    var different = 1
    for (number, next) in zip(sorted, sorted.dropFirst()) where number != next { different += 1 }
    return different <= ColumnRules.mostValues
      && different * ColumnRules.leastRecords <= sorted.count
  }

  private enum CodingKeys: String, CodingKey { case values, below, upTo, leastShare }

  /// Reads the JSON form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    values = try container.decode([Double].self, forKey: .values)
    below = try container.decode([Double].self, forKey: .below)
    upTo = try container.decode([Double].self, forKey: .upTo)
    leastShare = try container.decode(Double.self, forKey: .leastShare)
    guard !values.isEmpty, below.count == values.count, upTo.count == values.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container, debugDescription: "Expected as many knots in each list.")
    }
    guide = Self.guide(upTo)
  }

  /// The same map with its knots on the grid of a form: version 0.2.0 wrote them in single precision.
  func rounded(_ form: NumberForm) -> QuantileMap {
    var map = self
    map.values = values.map(form.rounded)
    return map
  }

  private static let guideParts = 2048

  private static func guide(_ upTo: [Double]) -> [Int32] {
    var knot = 0
    return (0..<guideParts).map { part in
      while knot < upTo.count, upTo[knot] < Double(part) / Double(guideParts) { knot += 1 }
      return Int32(knot)
    }
  }

  /// The normal variable of a number.
  ///
  /// - Parameter position: Where it falls in a shared value's interval, 0 to 1.
  public func normal(_ number: Double, position: Double) -> Float {
    Float(NormalDistribution.quantile(share(number, position: position)))
  }

  /// The number of a normal variable.
  public func number(_ normal: Float) -> Double {
    number(ofShare: NormalDistribution.cumulative(Double(normal)))
  }

  private func number(ofShare share: Double) -> Double {
    guard !share.isNaN else { return .nan }
    // The first knot that reaches as far.
    var knot = Int(guide[min(max(Int(share * Double(Self.guideParts)), 0), Self.guideParts - 1)])
    while knot < upTo.count, upTo[knot] < share { knot += 1 }
    guard knot > 0, share < below[knot] else { return values[min(knot, values.count - 1)] }
    let (low, high) = (upTo[knot - 1], below[knot])
    let part = (share - low) / (high - low)
    return values[knot - 1] * (1 - part) + values[knot] * part
  }

  /// The number at the share `u` of the distribution within a range, 0 < u < 1; nil if no training record lies
  /// there.
  public func number(_ u: Double, within range: ClosedRange<Double>) -> Double? {
    let low = share(range.lowerBound, position: 0)
    let high = share(range.upperBound, position: 1)
    guard high > low else { return nil }
    let found = number(ofShare: low + u * (high - low))
    return min(max(found, range.lowerBound), range.upperBound)
  }

  /// The term that turns log p(z) into log p(x): −log φ(z) + log F′(x); for a shared value the log of its share
  /// in place of log F′(x), which makes the result a lower bound on its log probability, by Jensen's inequality.
  ///
  /// Where no training record lies, F′ would be 0: each such gap, and the outside with tails that fall
  /// by a factor e in each width of the range, get half a record's share, and all is scaled to 1 again.
  public func logFactor(_ number: Double, position: Double) -> Double {
    let z = NormalDistribution.quantile(share(number, position: position))
    return logDensity(number) - log(1 + leastShare * Double(emptyGaps + 1))
      - NormalDistribution.logDensity(z)
  }

  /// log F′(x), or of a shared value log of its share.
  private func logDensity(_ number: Double) -> Double {
    let knot = Self.first(values.count) { values[$0] >= number }
    let last = values.count - 1
    if knot <= last, values[knot] == number, upTo[knot] > below[knot] {
      return log(upTo[knot] - below[knot])
    }
    if number < values[0] || number > values[last] {
      let width = values[last] - values[0]
      let scale = width > 0 ? width : 1
      let distance = max(values[0] - number, number - values[last])
      return log(leastShare / 2 / scale) - distance / scale
    }
    let left = max(knot, 1) - 1
    let share = max(below[left + 1] - upTo[left], leastShare)
    return log(share / (values[left + 1] - values[left]))
  }

  /// The gaps between knots where no record lies.
  private var emptyGaps: Int {
    values.indices.dropLast().count { below[$0 + 1] <= upTo[$0] }
  }

  /// F(x), within the range that a normal variable can represent.
  private func share(_ number: Double, position: Double) -> Double {
    let knot = Self.first(values.count) { values[$0] >= number }
    let share: Double
    if knot == values.count {
      share = 1
    } else if values[knot] == number {
      share = below[knot] + position * (upTo[knot] - below[knot])
    } else if knot == 0 {
      share = 0
    } else {
      let (low, high) = (values[knot - 1], values[knot])
      let part = (number / 2 - low / 2) / (high / 2 - low / 2)
      share = upTo[knot - 1] + part * (below[knot] - upTo[knot - 1])
    }
    return min(max(share, Self.margin), 1 - Self.margin)
  }

  /// The farthest normal variable, in standard deviations: no training record lies beyond it.
  private static let margin = 3e-7

  /// The first of `0..<count` for which `isTrue` holds, as it does from there on; `count` if there is none.
  private static func first(_ count: Int, where isTrue: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isTrue(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
