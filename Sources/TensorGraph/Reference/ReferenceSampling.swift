/// Draws from distributions in `Double`; each column of a record has a block of random words of its own.
enum ReferenceSampling {
  static func categorical(
    _ purpose: RandomPurpose, _ logits: Tensor, _ records: [Int32], known: [Int32]?,
    at position: RandomPosition
  ) -> [Int32] {
    let levels = logits.shape.columns
    return records.indices.map { row in
      if let level = known.map({ $0[$0.count == 1 ? 0 : row] }), level < levels { return level }
      let words = position.words(purpose, record: UInt32(bitPattern: records[row]), block: 0)
      let own = Array(logits.values[row * levels..<(row + 1) * levels])
      return Int32(place(own, at: Philox.uniform(words.x)))
    }
  }

  static func mixture(
    _ purpose: RandomPurpose, _ parameters: Tensor, _ records: [Int32], _ shape: Shape,
    at position: RandomPosition
  ) -> Tensor {
    let part = parameters.shape.columns / 3
    let components = part / shape.columns
    var result = Tensor(shape, repeating: 0)
    for index in result.values.indices {
      let (row, column) = (index / shape.columns, index % shape.columns)
      let words = position.words(
        purpose, record: UInt32(bitPattern: records[row]), block: UInt32(column))
      let start = row * 3 * part + column * components
      let own = Array(parameters.values[start..<start + components])
      let chosen = start + place(own, at: Philox.uniform(words.z))
      let log = min(
        max(parameters.values[chosen + 2 * part], GaussianMixture.leastLogDeviation),
        GaussianMixture.mostDrawnLogDeviation)
      result.values[index] =
        parameters.values[chosen + part] + exponential(log) * Philox.normal(words.x, words.y)
    }
    return result
  }

  /// The first place up to which the softmax sums to more than `share`.
  private static func place(_ logits: [Double], at share: Double) -> Int {
    let top = logits.max() ?? 0
    let weights = logits.map { exponential($0 - top) }
    var rest = share * weights.reduce(0, +)
    for (place, weight) in weights.dropLast().enumerated() {
      rest -= weight
      if rest < 0 { return place }
    }
    return logits.count - 1
  }
}
