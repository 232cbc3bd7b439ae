/// A text of any length, which networks see as a sequence of tokens.
///
/// As JSON, `{"kind":"text","longest":64,"merges":2048,"tokens":"pairs"}`, without `merges` for tokens that are bytes.
public struct TextKind: FieldContent {
  public static let name = "text"
  /// The most tokens that are kept of a text; what comes behind them isn't learned.
  public let longest: Int
  /// What a token is.
  public let tokens: TokenUnit
  /// The most tokens that are put together of others; 0 where tokens are bytes.
  public let merges: Int

  /// What ``longest`` can be.
  package static let lengths = 1...4096
  /// What ``merges`` can be.
  package static let mergeCounts = 0...8192

  /// Texts of at most `longest` tokens.
  ///
  /// - Parameter merges: The most tokens that are put together of others; it has no effect where tokens are bytes.
  public init(longest: Int = 64, tokens: TokenUnit = .pairs, merges: Int = 2048) {
    self.longest = longest
    self.tokens = tokens
    self.merges = tokens == .pairs ? merges : 0
  }

  /// The number of token indices: all bytes, the merges, and the end mark. Indices of merges that a vocabulary didn't
  /// need stand for nothing.
  public var vocabulary: Int { 256 + merges + 1 }

  /// The token that ends a text, the last index. No bytes are spelled by it.
  public var endToken: Int32 { Int32(vocabulary - 1) }

  public var summary: String { "a text" }
  public var storage: ColumnStorage { .texts }

  public func check(field: String) throws(InvalidRecords) {
    guard Self.lengths.contains(longest) else {
      throw InvalidRecords(
        expected: "1 to 4096 as the most tokens of field '\(field)'", actual: "\(longest)",
        advice: "correct 'longest'")
    }
    guard Self.mergeCounts.contains(merges) else {
      throw InvalidRecords(
        expected: "0 to 8192 merges of field '\(field)'", actual: "\(merges)",
        advice: "correct 'merges'")
    }
  }

  private enum CodingKeys: String, CodingKey { case longest, tokens, merges }

  /// Reads the JSON form.
  ///
  /// - Throws: ``UnknownName`` for a unit of tokens that doesn't exist.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let word = try container.decode(String.self, forKey: .tokens)
    guard let tokens = TokenUnit(rawValue: word) else {
      throw UnknownName(
        kind: "unit of tokens", name: word, known: TokenUnit.allCases.map(\.rawValue))
    }
    self.init(
      longest: try container.decode(Int.self, forKey: .longest), tokens: tokens,
      merges: tokens == .pairs ? try container.decode(Int.self, forKey: .merges) : 0)
  }

  /// Writes the JSON form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(longest, forKey: .longest)
    try container.encode(tokens, forKey: .tokens)
    if tokens == .pairs { try container.encode(merges, forKey: .merges) }
  }
}

/// What a token of a text is.
public enum TokenUnit: String, Codable, CaseIterable, Hashable, Sendable {
  /// A piece of a word, put together of pairs of smaller ones (byte-pair encoding).
  case pairs
  /// A byte.
  case bytes
}

extension Field {
  /// The settings of a text; nil for other kinds.
  public var textKind: TextKind? { kind.content as? TextKind }

  /// Whether its values are texts.
  public var isText: Bool { textKind != nil }
}
