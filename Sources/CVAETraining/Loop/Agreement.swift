import TensorGraph

/// What the ranks of a run tell each other between steps: sums over their records, and whether any of them is asked to
/// stop.
final class Agreement {
  private let gathering: Gathering
  private let ranks: Int
  private let count: Int

  /// - Parameter count: How many sums there are.
  init(_ communicator: any Communicator, count: Int) throws {
    self.count = count
    ranks = communicator.ranks
    gathering = try Gathering(communicator, size: (count + 1) * MemoryLayout<Double>.size)
  }

  /// The ranks' sums, added in the order of the ranks, and whether any rank stops.
  func reach(_ own: [Double], stops: Bool = false) throws -> (sums: [Double], stops: Bool) {
    precondition(own.count == count, "Expected \(count) sums, got \(own.count).")
    let block = gathering.own.bindMemory(to: Double.self)
    block[0] = stops ? 1 : 0
    for (place, sum) in own.enumerated() { block[place + 1] = sum }
    try gathering.run()
    var sums = [Double](repeating: 0, count: count)
    var anyStops = false
    for rank in 0..<ranks {
      let block = gathering.block(of: rank).bindMemory(to: Double.self)
      anyStops = anyStops || block[0] != 0
      for place in sums.indices { sums[place] += block[place + 1] }
    }
    return (sums, anyStops)
  }
}

extension TermSums {
  /// All sums, in a fixed order.
  ///
  /// - Parameter levels: The levels of details.
  func numbers(levels: Int) -> [Double] {
    [Double(records), elbo, logLikelihood, kl]
      + (klByLevel ?? [Double](repeating: 0, count: levels == 0 ? 0 : levels + 1))
  }

  /// The inverse of ``numbers(levels:)``.
  init(numbers: [Double]) {
    self.init()
    records = Int(numbers[0])
    elbo = numbers[1]
    logLikelihood = numbers[2]
    kl = numbers[3]
    klByLevel = numbers.count > 4 ? Array(numbers[4...]) : nil
  }

  /// Adds other records' sums.
  mutating func add(_ other: TermSums) {
    records += other.records
    elbo += other.elbo
    logLikelihood += other.logLikelihood
    kl += other.kl
    if let parts = other.klByLevel {
      klByLevel = zip(klByLevel ?? parts.map { _ in 0 }, parts).map(+)
    }
  }
}
