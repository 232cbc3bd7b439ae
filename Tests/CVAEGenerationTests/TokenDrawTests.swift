import TensorGraph
import Testing

@testable import CVAEGeneration

/// Which token a number in [0, 1) stands for.
@Suite struct TokenDrawTests {
  private static let position = RandomPosition(seed: 4, step: 0)

  /// Probabilities of `count` tokens, of which some are 0, and whether each may follow.
  private static func row(_ count: Int, _ number: Int) -> (weights: [Float], follows: [Float]) {
    let draws = (0..<count).map {
      position.uniform("weight", record: UInt32(number), column: $0)
    }
    let powers = draws.map { $0 < 0.1 ? 0 : Float($0 * $0 * $0) }
    let sum = powers.reduce(0, +)
    let follows = (0..<count).map { token in
      position.uniform("follows", record: UInt32(number), column: token) < 0.7 ? Float(1) : 0
    }
    return (powers.map { $0 / sum }, follows)
  }

  private static func token(
    _ weights: [Float], _ follows: [Float], _ share: Double, _ choice: TokenChoice = TokenChoice()
  ) -> Int {
    var draw = TokenDraw(choice, vocabulary: weights.count)
    return weights.withUnsafeBufferPointer { weights in
      follows.withUnsafeBufferPointer { draw.token(weights, $0, share: share) }
    }
  }

  /// The probability before the token is at most the share, and with the token more; blocks of 64 end anywhere.
  @Test(arguments: [33, 64, 65, 257, 1000])
  func aShareFallsIntoItsToken(count: Int) {
    for number in 0..<20 {
      let (weights, follows) = Self.row(count, number)
      let own = zip(weights, follows).map { Double($0 * $1) }
      let total = own.reduce(0, +)
      #expect(total > 0)
      for share in [0, 0.2, 0.7, 0.999_999] {
        let token = Self.token(weights, follows, share)
        #expect(own[token] > 0, "\(count) \(number) \(share)")
        let before = own[..<token].reduce(0, +) / total
        #expect(before <= share + 1e-5 && before + own[token] / total >= share - 1e-5)
      }
    }
  }

  /// Only the fewest tokens with the nucleus's probability are drawn, and all of them are.
  @Test func aNucleusIsTheFewestTokens() {
    let weights: [Float] = [0.3, 0.05, 0.4, 0.05, 0.2]
    var choice = TokenChoice()
    func drawn(_ nucleus: Double, _ follows: [Float] = [1, 1, 1, 1, 1]) -> Set<Int> {
      choice.nucleus = nucleus
      return Set((0..<200).map { Self.token(weights, follows, Double($0) / 200, choice) })
    }
    #expect(drawn(0.01) == [2])
    #expect(drawn(0.5) == [0, 2])
    #expect(drawn(0.85) == [0, 2, 4])
    #expect(drawn(0.99) == [0, 1, 2, 3, 4])
    // Of what may follow.
    #expect(drawn(0.5, [1, 1, 0, 1, 1]) == [0])
  }

  @Test func withoutProbabilityTheFirstPossibleTokenIsMostProbable() {
    #expect(Self.token([1, 0, 0, 0], [0, 0, 1, 1], 0.5) == 2)
    #expect(Self.token([.nan, .nan, .nan], [0, 1, 0], 0.5) == 1)
  }
}
