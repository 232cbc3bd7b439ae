/// Which tokens may follow which, so that a text is valid UTF-8 at its end.
///
/// - Source: Unicode 15, table 3-7, as an automaton over bytes.
struct ByteSequences: Sendable {
  /// Where a text stands: at the end of a character, or within one.
  typealias State = UInt8

  /// For each state and token the state behind it; ``none`` where the token can't follow.
  private let next: [[State]]
  /// For each state and token 1 where the token can follow, 0 where not.
  let follows: [[Float]]
  /// The state at the end of a character, in which a text may end.
  static let whole: State = 0
  static let none: State = .max

  private static let count = 8

  /// - Parameters:
  ///   - pieces: The bytes of each token.
  ///   - vocabulary: How many tokens there are; those without bytes, but for the last, the end mark, follow nothing.
  init(_ pieces: [[UInt8]], vocabulary: Int) {
    let next = (0..<Self.count).map { state in
      let own = pieces.map { piece in
        piece.reduce(State(state)) { $0 == Self.none ? $0 : Self.state(behind: $1, in: $0) }
      }
      let others = max(0, vocabulary - 1 - own.count)
      return own + [State](repeating: Self.none, count: others) + [state == 0 ? 0 : Self.none]
    }
    self.next = next
    follows = next.map { $0.map { $0 == Self.none ? 0 : 1 } }
  }

  /// The state behind a token.
  func state(_ state: State, behind token: Int) -> State { next[Int(state)][token] }

  /// The states behind all tokens.
  func states(behind state: State) -> [State] { next[Int(state)] }

  /// The bytes that the character is still short of.
  func missing(in state: State) -> Int {
    switch state {
    case 0...3: Int(state)
    case 4, 5: 2
    default: 3
    }
  }

  /// 1, 2, 3: so many continuation bytes are due; 4 to 7: the next one is restricted, as it follows E0, ED, F0 or F4.
  private static func state(behind byte: UInt8, in state: State) -> State {
    switch (state, byte) {
    case (0, 0...0x7f): 0
    case (0, 0xc2...0xdf): 1
    case (0, 0xe0): 4
    case (0, 0xed): 5
    case (0, 0xe1...0xef): 2
    case (0, 0xf0): 6
    case (0, 0xf4): 7
    case (0, 0xf1...0xf3): 3
    case (1...3, 0x80...0xbf): state - 1
    case (4, 0xa0...0xbf), (5, 0x80...0x9f): 1
    case (6, 0x90...0xbf), (7, 0x80...0x8f): 2
    default: none
    }
  }
}
