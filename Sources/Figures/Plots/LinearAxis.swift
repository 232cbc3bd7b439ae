import ConditionalData
import Foundation

/// A range of numbers with round ticks inside it.
struct LinearAxis: Equatable {
  /// The range that the axis shows; never empty.
  let range: ClosedRange<Double>
  /// Multiples of a step of 1, 2 or 5 times a power of ten, or where dates begin; all within ``range``.
  private(set) var ticks: [Double]
  /// The distance between ticks.
  let step: Double
  /// What stands beside the ticks in the place of their numbers.
  private var labels: [String]?

  /// Makes an axis that covers `values` with a margin on either side.
  ///
  /// - Parameters:
  ///   - values: what to show. A single number gets a range around it.
  ///   - tickCount: about how many ticks are wanted.
  ///   - margin: how much of the range is added on either side.
  ///   - wholeNumbers: whether ticks between whole numbers make no sense.
  init(
    covering values: ClosedRange<Double>, tickCount: Int = 6, margin: Double = 0.05,
    wholeNumbers: Bool = false
  ) {
    let middle = (values.lowerBound + values.upperBound) / 2
    let smallest = wholeNumbers ? 1.0 : Swift.max(abs(middle) * 1e-6, 1e-12)
    var half = (values.upperBound - values.lowerBound) / 2
    if half * 2 < smallest { half = wholeNumbers ? 0.5 : Swift.max(abs(middle) * 0.05, smallest) }
    half *= 1 + 2 * margin
    range = middle - half...middle + half

    let wanted = 2 * half / Double(Swift.max(tickCount, 1))
    let power = pow(10, log10(wanted).rounded(.down))
    let round = [1.0, 2, 5, 10].first { $0 * power >= wanted * 0.999 } ?? 10
    let step = wholeNumbers ? Swift.max(round * power, 1) : round * power
    let first = (range.lowerBound / step).rounded(.up)
    let last = (range.upperBound / step).rounded(.down)
    ticks = first <= last ? stride(from: first, through: last, by: 1).map { $0 * step } : []
    self.step = step
  }

  /// The same axis with other ticks, each with a label.
  func marked(at ticks: [Double], _ labels: [String]) -> LinearAxis {
    var axis = self
    (axis.ticks, axis.labels) = (ticks, labels)
    return axis
  }

  /// Where a number lies: 0 at the lower end of the range, 1 at the upper.
  func share(of value: Double) -> Double {
    (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }

  /// A tick's number in as few digits as distinguish it from its neighbours, such as `-250`, `0.05` or `2e+06`.
  func label(for tick: Double) -> String {
    if let labels, let index = ticks.firstIndex(of: tick) { return labels[index] }
    let number = abs(tick) < step / 2 ? 0 : tick
    let largest = ticks.map(abs).max() ?? 0
    let text: String
    let isScientific = largest >= 1e6 || step < 1e-4
    if isScientific && number == 0 {
      text = "0"
    } else if isScientific {
      let digits = Int(log10(largest * 1.001).rounded(.down) - log10(step * 1.001).rounded(.down))
      text = String(format: "%.\(Swift.max(digits, 0))e", number)
    } else {
      let decimals = Swift.max(0, Int(-log10(step * 1.001).rounded(.down)))
      text = number.text(decimals)
    }
    return text.replacing("-", with: "\u{2212}")
  }
}
