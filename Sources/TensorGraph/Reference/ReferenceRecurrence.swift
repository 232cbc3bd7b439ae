import Foundation

/// A long short-term memory and its gradient, in `Double`, one record after the other.
struct ReferenceRecurrence {
  let lengths: [Int32]
  let steps: Int
  let hidden: Int
  let isReversed: Bool

  init(rows: Int, hidden: Int, lengths: [Int32], isReversed: Bool) {
    self.lengths = lengths
    self.hidden = hidden
    self.isReversed = isReversed
    steps = rows / lengths.count
  }

  /// The steps in the order in which they are made.
  private var order: [Int] { isReversed ? (0..<steps).reversed() : Array(0..<steps) }

  /// The outputs, then cells and the gates' values: `[steps · batch, hidden]`, the same, and
  /// `[steps · batch, 4 · hidden]`.
  func states(
    _ gates: Tensor, _ shared: Tensor, _ weight: Tensor
  ) -> (outputs: [Double], trace: [Double]) {
    let batch = lengths.count
    var outputs = [Double](repeating: 0, count: steps * batch * hidden)
    var cells = outputs
    var values = [Double](repeating: 0, count: 4 * outputs.count)
    let sharedRows = shared.rowSlices
    for record in 0..<batch {
      var output = [Double](repeating: 0, count: hidden)
      var cell = output
      let own = Array(sharedRows[sharedRows.count == 1 ? 0 : record])
      for step in order {
        let row = step * batch + record
        if step < lengths[record] {
          var sums = (0..<4 * hidden).map { gates.values[row * 4 * hidden + $0] + own[$0] }
          for (unit, value) in output.enumerated() {
            for gate in sums.indices {
              sums[gate] += value * weight.values[unit * 4 * hidden + gate]
            }
          }
          for (gate, sum) in sums.enumerated() {
            let isNew = gate / hidden == 2
            values[row * 4 * hidden + gate] =
              isNew ? tanh(sum) : ReferenceElementwise.unary(.sigmoid, sum)
          }
          for unit in 0..<hidden {
            let value = (0..<4).map { values[(4 * row + $0) * hidden + unit] }
            cell[unit] = value[1] * cell[unit] + value[0] * value[2]
            output[unit] = value[3] * tanh(cell[unit])
          }
        }
        for unit in 0..<hidden {
          (outputs[row * hidden + unit], cells[row * hidden + unit]) = (output[unit], cell[unit])
        }
      }
    }
    return (outputs, cells + values)
  }

  /// The gradient by the gates' sums, `[steps · batch, 4 · hidden]`.
  func gradient(_ trace: Tensor, _ weight: Tensor, upstream: Tensor) -> [Double] {
    let (batch, size) = (lengths.count, steps * lengths.count * hidden)
    var result = [Double](repeating: 0, count: 4 * size)
    for record in 0..<batch {
      var byOutput = [Double](repeating: 0, count: hidden)
      var byCell = byOutput
      for (place, step) in order.enumerated().reversed() {
        let row = step * batch + record
        for unit in 0..<hidden { byOutput[unit] += upstream.values[row * hidden + unit] }
        if step >= lengths[record] { continue }
        let before = place > 0 ? order[place - 1] * batch + record : nil
        for unit in 0..<hidden {
          let gate = (0..<4).map { trace.values[size + (4 * row + $0) * hidden + unit] }
          let size = tanh(trace.values[row * hidden + unit])
          let last = before.map { trace.values[$0 * hidden + unit] } ?? 0
          let total = byCell[unit] + byOutput[unit] * gate[3] * (1 - size * size)
          let slopes = [
            total * gate[2] * gate[0] * (1 - gate[0]), total * last * gate[1] * (1 - gate[1]),
            total * gate[0] * (1 - gate[2] * gate[2]),
            byOutput[unit] * size * gate[3] * (1 - gate[3]),
          ]
          for (gate, slope) in slopes.enumerated() {
            result[(4 * row + gate) * hidden + unit] = slope
          }
          byCell[unit] = total * gate[1]
        }
        for unit in 0..<hidden {
          byOutput[unit] = (0..<4 * hidden).reduce(0) {
            $0 + result[row * 4 * hidden + $1] * weight.values[unit * 4 * hidden + $1]
          }
        }
      }
    }
    return result
  }
}
