import TensorGraph

/// How tokens are drawn from their distribution.
public struct TokenChoice: Hashable, Sendable {
  /// Divides the logits: below 1 probable tokens become more so. Above 0.
  public var temperature = 1.0
  /// The smallest set of tokens with at least this probability is drawn from, (0, 1]; 1 for all tokens.
  ///
  /// - Source: Holtzman et al., *The Curious Case of Neural Text Degeneration*, 2020.
  public var nucleus = 1.0

  /// How many beginnings of a text a beam search keeps, which looks for the most probable text; nil: tokens are drawn.
  ///
  /// With as many as there are texts the search is exact.
  public var beams: Int?

  /// Enough for short texts.
  public static let usualBeams = 4

  /// From the model's own distribution.
  public init() {}
}

/// Draws one token out of a row of probabilities.
///
/// Sums are taken over blocks of tokens, so that only one block is looked through.
struct TokenDraw {
  private let choice: TokenChoice
  /// The probability of each block's tokens that may follow.
  private var sums: [Float]
  /// That of all tokens that could follow in the last draw.
  private(set) var total: Float = 0

  private typealias Lanes = SIMD16<Float>
  private static let block = 4 * Lanes.scalarCount

  init(_ choice: TokenChoice, vocabulary: Int) {
    self.choice = choice
    sums = [Float](repeating: 0, count: (vocabulary + Self.block - 1) / Self.block)
  }

  /// The token that `share` of the probability of those that may follow comes before.
  ///
  /// - Parameters:
  ///   - weights: Probabilities of all tokens.
  ///   - follows: 1 for each token that may follow, at least one, and 0 for the others.
  ///   - share: In [0, 1).
  mutating func token(
    _ weights: UnsafeBufferPointer<Float>, _ follows: UnsafeBufferPointer<Float>, share: Double
  ) -> Int {
    total = sum(weights, follows)
    guard total > 0 else { return Self.mostProbable(weights, follows) }
    if choice.nucleus < 1 {
      return tokenOfNucleus(weights, follows, share: Float(share))
    }
    var rest = Float(share) * total
    var place = 0
    for (block, sum) in sums.enumerated() where sum > 0 {
      place = block
      if rest < sum { break }
      rest -= sum
    }
    // By rounding, a block's tokens may add up to less than its sum: then the last of them is drawn.
    var last = 0
    for token in place * Self.block..<min((place + 1) * Self.block, weights.count) {
      let weight = weights[token] * follows[token]
      if weight == 0 { continue }
      last = token
      rest -= weight
      if rest < 0 { break }
    }
    return last
  }

  /// The probability of all tokens that may follow; sets ``sums``.
  private mutating func sum(
    _ weights: UnsafeBufferPointer<Float>, _ follows: UnsafeBufferPointer<Float>
  ) -> Float {
    let (left, right) = (UnsafeRawBufferPointer(weights), UnsafeRawBufferPointer(follows))
    let whole = weights.count / Self.block
    var total: Float = 0
    for block in 0..<whole {
      var lanes = Lanes.zero
      for place in 0..<4 {
        let offset = (4 * block + place) * MemoryLayout<Lanes>.size
        lanes +=
          left.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
          * right.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
      }
      sums[block] = lanes.sum()
      total += sums[block]
    }
    if whole < sums.count {
      sums[whole] = (whole * Self.block..<weights.count).reduce(0) {
        $0 + weights[$1] * follows[$1]
      }
      total += sums[whole]
    }
    return total
  }

  /// A token out of the fewest that have the nucleus's share of ``total``.
  private func tokenOfNucleus(
    _ weights: UnsafeBufferPointer<Float>, _ follows: UnsafeBufferPointer<Float>, share: Float
  ) -> Int {
    // Tokens below this weight have less than the rest of the probability together.
    let floor = Float(1 - choice.nucleus) * total / Float(weights.count)
    var candidates: [(token: Int, weight: Float)] = []
    for token in weights.indices {
      let weight = weights[token] * follows[token]
      if weight > 0, weight >= floor { candidates.append((token, weight)) }
    }
    var sum: Float = 0
    var least: Float = 0
    for weight in candidates.map(\.weight).sorted(by: >) {
      sum += weight
      least = weight
      if Double(sum) >= choice.nucleus * Double(total) { break }
    }
    candidates.removeAll { $0.weight < least }
    var rest = share * candidates.reduce(0) { $0 + $1.weight }
    for (token, weight) in candidates {
      rest -= weight
      if rest < 0 { return token }
    }
    return candidates.last?.token ?? Self.mostProbable(weights, follows)
  }

  /// The most probable token that may follow.
  private static func mostProbable(
    _ weights: UnsafeBufferPointer<Float>, _ follows: UnsafeBufferPointer<Float>
  ) -> Int {
    let possible = weights.indices.filter { follows[$0] > 0 }
    return possible.max { weights[$0] < weights[$1] } ?? weights.count - 1
  }
}
