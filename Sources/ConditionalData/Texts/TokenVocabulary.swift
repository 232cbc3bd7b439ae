import RecordTypes

/// The tokens of a text field: the bytes, and pieces of words put together of pairs of earlier tokens.
///
/// The first 256 tokens are the bytes themselves, so that any text has tokens; each merge adds one. The indices behind
/// them, up to a `TextKind`'s end mark, stand for nothing. Merges never go beyond a ``Word``.
///
/// As JSON, the merges as pairs of tokens: `[[116,104],[256,101]]`.
///
/// - Source: Sennrich, Haddow and Birch, *Neural Machine Translation of Rare Words with Subword Units*, 2016; on bytes,
///   Radford et al., *Language Models are Unsupervised Multitask Learners*, 2019.
public struct TokenVocabulary: Sendable {
  /// Two tokens that are one where they stand side by side.
  public struct Merge: Hashable, Comparable, Sendable {
    /// The left one.
    public let first: Int32
    /// The right one.
    public let second: Int32

    /// A merge of two tokens.
    public init(_ first: Int32, _ second: Int32) {
      self.first = first
      self.second = second
    }

    /// The order of the first tokens, then of the second ones.
    public static func < (one: Merge, other: Merge) -> Bool {
      (one.first, one.second) < (other.first, other.second)
    }
  }

  /// The merges: that at index *i* makes token 256 + *i*.
  public let merges: [Merge]
  /// The bytes that each token stands for.
  public let pieces: [[UInt8]]
  /// The token that each merge makes.
  private let tokens: [Merge: Int32]

  /// The most merges.
  static let mostMerges = TextKind.mergeCounts.upperBound

  /// Makes the tokens of the merges, in their order.
  ///
  /// - Parameter key: Where they stand, for errors.
  /// - Throws: ``PreprocessingFailure`` for a merge of tokens that don't come before it, for one that comes twice, and for
  ///   one whose token is longer than a word can be.
  public init(merges: [Merge], key: String = "merges") throws(PreprocessingFailure) {
    guard merges.count <= Self.mostMerges else {
      throw PreprocessingFailure(
        key: key, expected: "at most \(Self.mostMerges) merges", actual: "\(merges.count)")
    }
    var pieces = (0...255).map { [UInt8($0)] }
    var tokens: [Merge: Int32] = [:]
    for (index, merge) in merges.enumerated() {
      func refuse(_ expected: String) -> PreprocessingFailure {
        PreprocessingFailure(
          key: "\(key)[\(index)]", expected: expected, actual: "[\(merge.first),\(merge.second)]")
      }
      guard (0..<pieces.count).contains(Int(merge.first)),
        (0..<pieces.count).contains(Int(merge.second))
      else { throw refuse("two tokens from 0 to \(pieces.count - 1)") }
      let piece = pieces[Int(merge.first)] + pieces[Int(merge.second)]
      guard piece.count <= Word.longest else {
        throw refuse("a token of at most \(Word.longest) bytes")
      }
      guard tokens.updateValue(Int32(pieces.count), forKey: merge) == nil else {
        throw refuse("each merge once")
      }
      pieces.append(piece)
    }
    self.init(trusting: merges, pieces, tokens)
  }

  /// Merges that are known to be sound.
  init(trusting merges: [Merge], _ pieces: [[UInt8]], _ tokens: [Merge: Int32]) {
    self.merges = merges
    self.pieces = pieces
    self.tokens = tokens
  }

  /// The bytes alone.
  public static let bytes = TokenVocabulary(
    trusting: [], (0...255).map { [UInt8($0)] }, [:])

  /// The number of tokens that stand for bytes: an index from here on stands for nothing.
  public var count: Int { pieces.count }

  /// The tokens of a text, without an end mark. Any bytes have some, and ``decode(_:)`` gives the bytes back.
  public func encode(_ bytes: some Collection<UInt8>) -> [Int32] {
    if merges.isEmpty { return bytes.map(Int32.init) }
    return Array(bytes).withUnsafeBufferPointer { bytes in
      var tokens: [Int32] = []
      tokens.reserveCapacity(bytes.count)
      var start = 0
      while start < bytes.count {
        let end = Word.end(in: bytes, from: start)
        tokens += merged(UnsafeBufferPointer(rebasing: bytes[start..<end]))
        start = end
      }
      return tokens
    }
  }

  /// The bytes that tokens stand for; those that stand for nothing, such as the end mark, add none.
  public func decode(_ tokens: some Sequence<Int32>) -> [UInt8] {
    var bytes: [UInt8] = []
    for token in tokens where pieces.indices.contains(Int(token)) { bytes += pieces[Int(token)] }
    return bytes
  }

  /// The tokens of a word: in each step the earliest merge that any two neighbours have is made, wherever they stand
  /// side by side.
  func merged(_ word: some Collection<UInt8>) -> [Int32] {
    var word = word.map(Int32.init)
    while word.count > 1 {
      var least: (token: Int32, merge: Merge)?
      for place in 1..<word.count {
        let merge = Merge(word[place - 1], word[place])
        if let token = tokens[merge], token < least?.token ?? .max { least = (token, merge) }
      }
      guard let least else { break }
      let count = word.withUnsafeMutableBufferPointer {
        Self.replace(least.merge, by: least.token, in: $0, count: $0.count)
      }
      word.removeLast(word.count - count)
    }
    return word
  }

  /// Replaces two neighbours by one token wherever they stand side by side, from the left.
  ///
  /// - Returns: How many of the `count` tokens are left.
  static func replace(
    _ merge: Merge, by token: Int32, in word: UnsafeMutableBufferPointer<Int32>, count: Int
  ) -> Int {
    var (from, to) = (0, 0)
    while from < count {
      if from + 1 < count, word[from] == merge.first, word[from + 1] == merge.second {
        word[to] = token
        from += 2
      } else {
        word[to] = word[from]
        from += 1
      }
      to += 1
    }
    return to
  }
}

/// Equal where the merges are.
extension TokenVocabulary: Hashable {
  /// Compares the merges.
  public static func == (first: TokenVocabulary, second: TokenVocabulary) -> Bool {
    first.merges == second.merges
  }

  /// Mixes the merges in.
  public func hash(into hasher: inout Hasher) { hasher.combine(merges) }
}

extension TokenVocabulary: Codable {
  /// Reads the JSON form.
  ///
  /// - Throws: ``PreprocessingFailure`` for merges that make no tokens.
  public init(from decoder: any Decoder) throws {
    let key = decoder.codingPath.map(\.stringValue).joined(separator: ".")
    let pairs = try decoder.singleValueContainer().decode([[Int32]].self)
    if let wrong = pairs.firstIndex(where: { $0.count != 2 }) {
      throw PreprocessingFailure(
        key: "\(key)[\(wrong)]", expected: "a pair of tokens", actual: "\(pairs[wrong])")
    }
    try self.init(merges: pairs.map { Merge($0[0], $0[1]) }, key: key)
  }

  /// Writes the JSON form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(merges.map { [$0.first, $0.second] })
  }
}
