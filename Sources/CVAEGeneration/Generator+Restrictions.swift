import CVAEModels
import CVAETraining
import ConditionalData
import Foundation
import RecordSchema
import TensorGraph

extension Generator {
  /// Draws what must be of a set or a range, before all else: each field from the model's distribution under
  /// what is given, cut to the request.
  ///
  /// Where several fields are asked for so, each record has several candidates, of which one is taken by
  /// how probable the other requests are under it: p(a, b ∣ a ∈ A, b ∈ B) ∝ p(a) 1[a ∈ A] · p(b ∣ a) 1[b ∈ B].
  ///
  /// - Source: Rubin, *The Calculation of Posterior Distributions by Data Augmentation: Comment*, 1987, for
  ///   sampling and importance resampling.
  func restricted(_ conditions: Conditions, _ draws: RowDraws) throws -> Conditions {
    if conditions.restrictions.isEmpty || conditions.count == 0 { return conditions }
    // Candidates of all records at once would need many times the memory of the rows.
    let parts = stride(from: 0, to: conditions.count, by: Self.chunk).map { start in
      start..<min(start + Self.chunk, conditions.count)
    }
    return Conditions(
      joining: try parts.map { try restricted(conditions, records: $0, draws) })
  }

  private func restricted(
    _ conditions: Conditions, records: Range<Int>, _ draws: RowDraws
  ) throws -> Conditions {
    let wanted = passes.filter { pass in
      pass.heads.contains { conditions.restrictions[$0.field.name] != nil }
    }
    let candidates = wanted.count == 1 ? 1 : Self.candidates
    var all = conditions.selecting(
      (0..<records.count * candidates).map { records.lowerBound + $0 / candidates })
    // Random numbers are addressed by the place among all records' candidates.
    let first = records.lowerBound * candidates
    var weights = [Double](repeating: 1, count: all.count)
    for (place, pass) in wanted.enumerated() {
      guard let head = pass.heads.first(where: { $0.field.absenceOf == nil }),
        let restriction = conditions.restrictions[head.field.name]
      else { continue }
      // Behind the numbers of the passes that draw rows.
      let position = RandomPosition(
        seed: draws.seed, step: UInt32(draws.sample) &+ (UInt32(place + 1) << 24))
      let known = all.tellingAbsence(model: model)
      for start in stride(from: 0, to: all.count, by: batch) {
        let rows = start..<min(start + batch, all.count)
        pass.program.withIndexInput(ProgramInput.records.rawValue) { buffer in
          for row in 0..<batch { buffer[row] = Int32(first + start + min(row, rows.count - 1)) }
        }
        filler.fill(pass.program, known, rows: rows)
        try pass.program.run(at: position)
        pass.program.withOutput(head.field.name) { numbers in
          let drawn = head.restricted(
            numbers, to: restriction, rows: first + rows.lowerBound..<first + rows.upperBound,
            at: position)
          for (index, row) in rows.enumerated() { weights[row] *= drawn.weights[index] }
          all.complete(head.field, rows, with: drawn.values)
        }
      }
    }
    return all.selecting(chosen(weights, candidates, first: records.lowerBound, draws))
  }

  private static let candidates = 16
  /// Records whose candidates are drawn together.
  private static let chunk = 4096

  /// One candidate of each record.
  private func chosen(
    _ weights: [Double], _ candidates: Int, first: Int, _ draws: RowDraws
  ) -> [Int] {
    let purpose = RandomPurpose("candidate")
    return stride(from: 0, to: weights.count, by: candidates).map { start in
      let own = start..<start + candidates
      let total = own.reduce(0) { $0 + weights[$1] }
      guard total > 0 else { return start }
      var rest =
        draws.position.uniform(
          purpose, record: UInt32(first + start / candidates), column: 0) * total
      return own.first { row in
        rest -= weights[row]
        return rest < 0
      } ?? start
    }
  }
}

extension GeneratedField {
  /// Values of a set or range from what the decoder says, and the share of its distribution that lies there.
  func restricted(
    _ numbers: UnsafeBufferPointer<Float>, to restriction: GivenValue, rows: Range<Int>,
    at position: RandomPosition
  ) -> (values: GeneratedRecords.Values, weights: [Double]) {
    let purpose = RandomPurpose("restricted " + field.name)
    func share(_ row: Int, _ column: Int) -> Double {
      position.uniform(purpose, record: UInt32(rows.lowerBound + row), column: column)
    }
    switch restriction {
    case .levels(let levels):
      let count = field.levels.count
      var drawn: [Int32] = []
      var weights: [Double] = []
      for row in 0..<rows.count {
        let own = levels.map { Double(numbers[row * count + $0]) }
        let total = own.reduce(0, +)
        var rest = share(row, 0) * total
        let place = own.firstIndex { weight in
          rest -= weight
          return rest < 0
        }
        drawn.append(Int32(levels[place ?? 0]))
        weights.append(total)
      }
      return (.levels(drawn), weights)
    case .range(let range):
      let values = (0..<rows.count).map { row in
        cut(components(numbers, row: row), to: range, shares: (share(row, 0), share(row, 1)))
      }
      return (.reals(values.map(\.number)), values.map(\.weight))
    case .level, .number, .every, .any: preconditionFailure("No set and no range.")
    }
  }

  /// A number of a mixture that is cut to a range.
  private func cut(
    _ parts: [Component], to range: ClosedRange<Double>, shares: (Double, Double)
  ) -> (number: Float, weight: Double) {
    let (low, high) = normals(of: range)
    let below = parts.map { NormalShare.below((low - $0.mean) / $0.deviation) }
    let masses = zip(parts, below).map { part, below in
      part.share * max(0, NormalShare.below((high - part.mean) / part.deviation) - below)
    }
    let total = masses.reduce(0, +)
    // Where nothing is to be expected, all of the range is alike.
    guard total > 1e-12, high > low else {
      let even = range.lowerBound + shares.1 * (range.upperBound - range.lowerBound)
      return (onGrid(even, within: range), 1e-12)
    }
    var rest = shares.0 * total
    let place =
      masses.firstIndex { mass in
        rest -= mass
        return rest < 0
      } ?? 0
    let level = below[place] + shares.1 * masses[place] / parts[place].share
    let normal = parts[place].mean + parts[place].deviation * NormalShare.quantile(level)
    return (onGrid(number(ofNormal: Float(min(max(normal, low), high))), within: range), total)
  }
}

/// Shares of the standard normal distribution.
private enum NormalShare {
  static func below(_ z: Double) -> Double { 0.5 * erfc(-z * 0.5.squareRoot()) }

  /// By bisection of ``below(_:)``, to a millionth.
  static func quantile(_ share: Double) -> Double {
    var (low, high) = (-8.0, 8.0)
    for _ in 0..<24 {
      let middle = (low + high) / 2
      if below(middle) < share { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
