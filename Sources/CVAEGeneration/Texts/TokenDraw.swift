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
struct TokenDraw: Sendable {
  let choice: TokenChoice
  let sequences: ByteSequences
  let endToken: Int

  /// The token that `share` of the probability of those that may follow comes before.
  ///
  /// - Parameters:
  ///   - weights: Probabilities of all tokens.
  ///   - share: In [0, 1).
  func token(
    _ weights: UnsafeBufferPointer<Float>, in state: ByteSequences.State, share: Double
  ) -> Int {
    let least = choice.nucleus < 1 ? Self.leastWeight(weights, of: choice.nucleus) : 0
    let states = sequences.states(behind: state)
    func counts(_ token: Int) -> Bool {
      weights[token] >= least && states[token] != ByteSequences.none
    }
    var total: Float = 0
    for token in weights.indices where counts(token) { total += weights[token] }
    guard total > 0 else { return fallback(weights, in: state) }
    var rest = Float(share) * total
    var last = endToken
    for token in weights.indices where counts(token) && weights[token] > 0 {
      last = token
      rest -= weights[token]
      if rest < 0 { break }
    }
    return last
  }

  /// The most probable token that may follow.
  private func fallback(
    _ weights: UnsafeBufferPointer<Float>, in state: ByteSequences.State
  ) -> Int {
    let states = sequences.states(behind: state)
    let possible = weights.indices.filter { states[$0] != ByteSequences.none }
    return possible.max { weights[$0] < weights[$1] } ?? endToken
  }

  /// The probability of the least probable token of the nucleus.
  private static func leastWeight(
    _ weights: UnsafeBufferPointer<Float>, of share: Double
  ) -> Float {
    var total: Float = 0
    var least: Float = 0
    for weight in weights.sorted(by: >) {
      total += weight
      least = weight
      if Double(total) >= share { break }
    }
    return least
  }
}
