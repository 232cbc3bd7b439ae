import ConditionalData
import RecordTypes

/// A ``TextRestriction`` in the terms of a vocabulary.
struct TextRule: Sendable {
  /// Bytes that come next, whatever the model would write.
  struct Spelling: Sendable {
    let bytes: [UInt8]
    /// The fewest tokens for what stands from each place on.
    let fewest: [Int]
    /// Whether no letter or digit may follow.
    var endsWord = false
    /// Whether nothing may follow.
    var endsText = false
  }

  /// What must occur.
  struct Word: Sendable {
    let bytes: [UInt8]
    /// Whether it stands between blanks or signs.
    let isApart: Bool
    let spelling: Spelling
    /// With a blank before.
    let spaced: Spelling
    /// The units that it adds.
    let units: Int
    /// The tokens with which it may begin.
    let beginnings: [Int]
  }

  let table: PieceTable
  let beginning: Spelling?
  /// What must occur behind the beginning.
  let words: [Word]
  /// Whether the words come in their order, with something before each.
  let isOrdered: Bool
  /// Whether a text of pieces ends with something that is written.
  let endsOpen: Bool
  let range: ClosedRange<Int>
  /// Whether there is room for fewer units than tokens.
  let hasMost: Bool
  /// Whether how probable a text is depends on more than its beginning.
  let isChosen: Bool
  let sequences: ByteSequences

  /// Texts of which one is chosen, where more than the beginning is restricted.
  static let candidates = 8

  /// - Parameters:
  ///   - table: In the unit of the restriction.
  ///   - longest: The most tokens of a text.
  /// - Throws: `InvalidGiven` where no text is like that.
  init(
    _ restriction: TextRestriction, field: String, table: PieceTable, sequences: ByteSequences,
    longest: Int
  ) throws {
    self.table = table
    self.sequences = sequences
    let start = Array(restriction.beginning.utf8)
    let all = try restriction.words.map { word in
      let word = try Self.word(word, field: field, restriction, table)
      return (word, Self.end(of: word, in: start))
    }
    isOrdered = restriction.pieces != nil
    endsOpen = restriction.pieces?.last == ""
    guard !isOrdered || restriction.words.isEmpty && restriction.length == nil else {
      throw InvalidGiven(
        place: "'\(field)'", expected: "a text with holes, or words and a length", actual: "both")
    }
    words =
      restriction.pieces.map { Self.pieces($0, keepsWords: restriction.keepsWords, table) }
      ?? all.filter { $0.1 == nil }.map(\.0)
    beginning =
      start.isEmpty
      ? nil
      : Spelling(
        bytes: start, fewest: table.fewestTokens(start),
        endsWord: restriction.keepsWords && Self.endsWord(start)
          || all.contains { $0.0.isApart && $0.1 == start.count },
        endsText: restriction.pieces.map(\.isEmpty) ?? false)
    range = restriction.length ?? 0...Int.max
    hasMost = range.upperBound < longest
    isChosen = restriction.length != nil || !words.isEmpty
    guard range.lowerBound >= 0 else {
      throw InvalidGiven(
        place: "'\(field).\(restriction.unit)'", expected: "0 or more",
        actual: "\(range.lowerBound)")
    }
    let needed = table.units(start, isWithin: false) + words.reduce(0) { $0 + $1.units }
    guard needed <= range.upperBound else {
      throw InvalidGiven(
        place: "'\(field)'",
        expected: "a text of at most "
          + NameList.count(range.upperBound, restriction.unit == .words ? "word" : "character"),
        actual: "\(needed), as the beginning and what must occur have so many")
    }
    let tokens = fewestTokens(of: RestrictedText(self), state: ByteSequences.whole)
    guard tokens <= longest else {
      throw InvalidGiven(
        place: "'\(field)'",
        expected: "what fits into \(longest) tokens, the most that this model writes",
        actual: "at least \(tokens) tokens")
    }
  }

  /// What stands between and behind holes; an empty last piece leaves the end open.
  private static func pieces(
    _ texts: [String], keepsWords: Bool, _ table: PieceTable
  ) -> [Word] {
    texts.enumerated().filter { !$0.element.isEmpty }.map { place, text in
      let bytes = Array(text.utf8)
      let spelling = Spelling(
        bytes: bytes, fewest: table.fewestTokens(bytes),
        endsWord: keepsWords && endsWord(bytes),
        endsText: place == texts.count - 1)
      return Word(
        bytes: bytes, isApart: false, spelling: spelling, spaced: spelling,
        units: table.units(bytes, isWithin: false),
        beginnings: table.pieces.indices.filter { bytes.starts(with: table.pieces[$0]) })
    }
  }

  /// Whether a letter behind a text would belong to its last word.
  private static func endsWord(_ text: [UInt8]) -> Bool {
    !(String(decoding: text, as: UTF8.self).unicodeScalars.last.map(isUnspaced) ?? true)
  }

  private static func word(
    _ text: String, field: String, _ restriction: TextRestriction, _ table: PieceTable
  ) throws -> Word {
    let bytes = Array(text.utf8)
    guard let first = bytes.first, let last = bytes.last, !PieceTable.isBlank(first),
      !PieceTable.isBlank(last)
    else {
      throw InvalidGiven(
        place: "'\(field).contains'", expected: "words with commas between them",
        actual: "'\(restriction.words.joined(separator: ","))'")
    }
    let isApart =
      restriction.unit == .words
      && (restriction.length != nil || !text.unicodeScalars.contains(where: isUnspaced))
    func spelling(_ bytes: [UInt8]) -> Spelling {
      Spelling(bytes: bytes, fewest: table.fewestTokens(bytes), endsWord: isApart)
    }
    return Word(
      bytes: bytes, isApart: isApart, spelling: spelling(bytes),
      spaced: isApart ? spelling([0x20] + bytes) : spelling(bytes),
      units: table.units(bytes, isWithin: false), beginnings: [])
  }

  /// Whether a script puts no blanks between words: Thai, Lao, Burmese, Khmer, Chinese and Japanese.
  static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0e00...0x0eff, 0x1000...0x109f, 0x1780...0x17ff, 0x2e80...0x312f, 0x31a0...0xa4cf,
      0xf900...0xfaff, 0xff00...0xffef, 0x20000...0x3ffff:
      true
    default: false
    }
  }

  /// Where a word ends in a text; nil where it doesn't occur, or is a part of a longer word.
  ///
  /// - Parameter first: Occurrences that end before this place don't count.
  static func end(of word: Word, in text: [UInt8], from first: Int = 0) -> Int? {
    let count = word.bytes.count
    guard count <= text.count else { return nil }
    return (max(0, first - count)...max(0, text.count - count)).first { start in
      guard start + count <= text.count, text[start..<start + count].elementsEqual(word.bytes)
      else { return false }
      if !word.isApart { return true }
      let isBegun = start == 0 || !PieceTable.isOfWord(text[start - 1])
      let isEnded = start + count == text.count || !PieceTable.isOfWord(text[start + count])
      return (isBegun || !PieceTable.isOfWord(word.bytes[0]))
        && (isEnded || !PieceTable.isOfWord(word.bytes[count - 1]))
    }.map { $0 + count }
  }

  /// The fewest tokens that a text still needs.
  func fewestTokens(of text: RestrictedText, state: ByteSequences.State) -> Int {
    let forced = text.forced.map { $0.fewest[text.spelled] } ?? 0
    let units = text.forced.map {
      table.units($0.bytes[text.spelled...], isWithin: text.isWithin)
    }
    let isWithin = text.isWithin || text.forced != nil || !text.pending.isEmpty
    return forced + fewestTokensOfPending(text, isHoleBegun: false)
      + fewestTokens(
        units: range.lowerBound - text.units - (units ?? 0) - pendingUnits(text),
        isWithin: isWithin)
      + sequences.missing(in: state)
  }

  /// The fewest tokens for what is pending, holes before it included.
  ///
  /// - Parameter isHoleBegun: Whether the first hole has a token already.
  func fewestTokensOfPending(_ text: RestrictedText, isHoleBegun: Bool) -> Int {
    let count = text.pending.count + (endsOpen ? 1 : 0)
    let holes = isOrdered ? max(0, count - (isHoleBegun ? 1 : 0)) : 0
    return text.pending.reduce(holes) { $0 + words[$1].spaced.fewest[0] }
  }

  func pendingUnits(_ text: RestrictedText) -> Int {
    text.pending.reduce(0) { $0 + words[$1].units }
  }

  /// The fewest tokens for so many further units.
  func fewestTokens(units: Int, isWithin: Bool) -> Int {
    guard units > 0 else { return 0 }
    return isWithin ? units * table.tokensOfUnit : 1 + (units - 1) * table.tokensOfUnit
  }
}
