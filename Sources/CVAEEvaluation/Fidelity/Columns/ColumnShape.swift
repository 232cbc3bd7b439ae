import Foundation
package import RecordTypes

/// The distributions of a column's known values in real and synthetic rows, for a picture.
package struct ColumnShape: Hashable, Sendable {
  package enum Places: Hashable, Sendable {
    /// Bins of one width from `low` to `high`; what lies outside of them isn't shown.
    case bins(low: Double, high: Double)
    /// Levels, the most frequent first, and how many others there are.
    case levels([String], others: Int)
  }

  package let places: Places
  /// The share of real values in each place.
  package let real: [Double]
  /// The share of synthetic values in each place.
  package let synthetic: [Double]
  /// How numbers are written; nil where that isn't known.
  package let form: NumberForm?

  /// The most levels that are shown.
  package static let mostLevels = 12
  private static let mostBins = 40.0
  /// What is cut off at either end, in real and synthetic values alike.
  private static let tail = 0.005

  init(_ field: Field, real: RecordColumn, synthetic: RecordColumn, form: NumberForm?) {
    self.form = form
    if field.isCategory {
      let counts = [real.levelCounts(of: field), synthetic.levelCounts(of: field)]
      let shares = counts.map { counts in
        let sum = Double(max(counts.reduce(0, +), 1))
        return counts.map { Double($0) / sum }
      }
      let order = shares[0].indices.sorted { first, second in
        let sums = (shares[0][first] + shares[1][first], shares[0][second] + shares[1][second])
        return sums.0 != sums.1 ? sums.0 > sums.1 : first < second
      }
      let shown = order.filter { shares[0][$0] + shares[1][$0] > 0 }
      // Those that are frequent in either, in the order of the real ones.
      let kept = shown.prefix(Self.mostLevels).sorted { first, second in
        shares[0][first] != shares[0][second]
          ? shares[0][first] > shares[0][second]
          : (shares[1][first], second) > (shares[1][second], first)
      }
      places = .levels(kept.map { field.levels[$0] }, others: shown.count - kept.count)
      self.real = kept.map { shares[0][$0] }
      self.synthetic = kept.map { shares[1][$0] }
    } else {
      let numbers = [real.knownNumbers.sorted(), synthetic.knownNumbers.sorted()]
      let (low, high, count) = Self.bins(numbers)
      places = .bins(low: low, high: high)
      self.real = Self.shares(numbers[0], low, high, count)
      self.synthetic = Self.shares(numbers[1], low, high, count)
    }
  }

  /// Bins for sorted numbers. Where they lie on a grid, such as that of whole numbers, each bin covers
  /// equally many points of it; else some bins would hold more than their neighbours.
  private static func bins(_ numbers: [[Double]]) -> (low: Double, high: Double, count: Int) {
    func quantile(_ numbers: [Double], _ share: Double) -> Double {
      numbers[Int((share * Double(numbers.count - 1)).rounded())]
    }
    let known = numbers.filter { !$0.isEmpty }
    // Rice's rule, 2 ∛n, for the fewer rows.
    let rows = Double(known.map(\.count).min() ?? 0)
    let wanted = min(max((2 * cbrt(rows)).rounded(), 8), mostBins)
    guard let low = known.map({ quantile($0, tail) }).min(),
      let high = known.map({ quantile($0, 1 - tail) }).max()
    else { return (0, 1, 1) }
    guard low < high else { return (low - 0.5, low + 0.5, 1) }
    let shown = known[0].filter { $0 >= low && $0 <= high }
    let gaps = zip(shown.dropFirst(), shown).map { $0 - $1 }.filter { $0 > 0 }
    let width = high - low
    guard let least = gaps.min(), width / least <= 2000 else {
      return (low, high, Int(wanted))
    }
    let steps = (width / least).rounded()
    let gap = width / steps
    let perBin = ((steps + 1) / wanted).rounded(.up)
    let count = Int(((steps + 1) / perBin).rounded(.up))
    let start = low - gap / 2
    return (start, start + Double(count) * perBin * gap, count)
  }

  private static func shares(
    _ numbers: [Double], _ low: Double, _ high: Double, _ count: Int
  ) -> [Double] {
    var counts = [Double](repeating: 0, count: count)
    for number in numbers where number >= low && number <= high {
      let place = (number - low) / (high - low) * Double(count)
      counts[min(Int(place), count - 1)] += 1
    }
    return counts.map { $0 / Double(max(numbers.count, 1)) }
  }
}
