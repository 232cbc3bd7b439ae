import Foundation

/// How far a text that is restricted has come.
struct RestrictedText {
  /// What is being spelled, and how many of its bytes are.
  private(set) var forced: TextRule.Spelling?
  private(set) var spelled = 0
  /// The words that have yet to occur, by their places in the rule.
  private(set) var pending: [Int]
  /// The units that have begun.
  private(set) var units = 0
  /// Whether the last byte isn't a blank.
  private(set) var isWithin = false
  /// Whether no letter or digit may come next.
  private var mustBreak = false
  /// Whether something is written behind what was last spelled.
  private var isHoleBegun = false
  /// Whether nothing may come next.
  private var isClosed = false
  /// The bytes in which words have been looked for.
  private var checked = 0
  /// Where what was last spelled ends.
  private var lastEnd = 0
  /// log of the probability that the model gives to the text, over that by which it was drawn.
  private(set) var logWeight = 0.0
  /// log of the probability that the model gives to it.
  private(set) var logProbability = 0.0

  init(_ rule: TextRule) {
    forced = rule.beginning
    pending = Array(rule.words.indices)
  }

  /// 1 for each token that may come next, 0 for others; nil where none may but what is pending.
  ///
  /// - Parameters:
  ///   - state: How the bytes so far end.
  ///   - left: The tokens that the text can still have.
  func allowed(
    by rule: TextRule, in state: ByteSequences.State, left: Int
  ) -> [Float]? {
    let (table, follows) = (rule.table, rule.sequences.follows[Int(state)])
    var allowed = [Float](repeating: 0, count: follows.count)
    var isEmpty = true
    let most = rule.range.upperBound - rule.pendingUnits(self)
    let later = rule.range.lowerBound - rule.pendingUnits(self)
    // Blanks are no words, but a text of none is empty.
    if isClosed || forced == nil && rule.range.upperBound == 0 {
      allowed[follows.count - 1] = 1
      return allowed
    }
    if let forced {
      let rest = forced.bytes[spelled...]
      for (token, piece) in table.pieces.enumerated()
      where follows[token] > 0 && piece[0] == rest[spelled] {
        let isLonger = piece.count > rest.count
        guard isLonger ? piece.starts(with: rest) : rest.starts(with: piece) else { continue }
        if isLonger, forced.endsText { continue }
        if isLonger, forced.endsWord, PieceTable.isOfWord(piece[rest.count]) { continue }
        let behind = rest.dropFirst(piece.count)
        let isWithin = table.isWithin(behind: token)
        let own = units + table.units(token, isWithin: self.isWithin)
        let all = own + table.units(behind, isWithin: isWithin)
        // What is spelled ends at the end of a character; what runs past it may not.
        let state = isLonger ? rule.sequences.state(state, behind: token) : ByteSequences.whole
        let needed =
          forced.fewest[min(spelled + piece.count, forced.bytes.count)]
          + rule.fewestTokensOfPending(self, isHoleBegun: isLonger)
          + rule.fewestTokens(
            units: later - all, isWithin: isWithin || !behind.isEmpty || !pending.isEmpty)
          + rule.sequences.missing(in: state)
        guard all <= most, needed < left else { continue }
        allowed[token] = 1
        isEmpty = false
      }
      return isEmpty ? nil : allowed
    }
    let tokensOfPending = rule.fewestTokensOfPending(self, isHoleBegun: true)
    let isTight =
      tokensOfPending + rule.fewestTokens(units: later - units, isWithin: true) + 4 >= left
    for (token, piece) in table.pieces.enumerated() where follows[token] > 0 {
      if mustBreak, PieceTable.isOfWord(piece[0]) { continue }
      let own = units + table.units(token, isWithin: isWithin)
      if own > most { continue }
      if isTight {
        let needed =
          tokensOfPending
          + rule.fewestTokens(
            units: later - own, isWithin: table.isWithin(behind: token) || !pending.isEmpty)
          + rule.sequences.missing(in: rule.sequences.state(state, behind: token))
        if needed >= left { continue }
      }
      allowed[token] = 1
      isEmpty = false
    }
    let isEnough = !rule.endsOpen || isHoleBegun
    if pending.isEmpty, isEnough, rule.range.contains(units), follows[follows.count - 1] > 0 {
      allowed[follows.count - 1] = 1
      isEmpty = false
    }
    return isEmpty ? nil : allowed
  }

  /// Whether a word that is pending comes next, where one may: if the model would end here or begin a word, more or less
  /// often by how many words are left.
  ///
  /// - Parameters:
  ///   - bytes: The text so far, at the end of a character.
  ///   - mustForce: Whether nothing else may come.
  ///   - share: In [0, 1).
  mutating func chooseWord(
    _ rule: TextRule, behind bytes: [UInt8], _ weights: UnsafeBufferPointer<Float>,
    mustForce: Bool, share: Double
  ) {
    guard forced == nil, !isClosed else { return }
    // Something comes before each piece of a text with holes, and its end comes last.
    let eligible =
      rule.isOrdered ? Array(pending.prefix(bytes.count > lastEnd ? 1 : 0)) : pending
    guard let first = eligible.first.map({ rule.words[$0] }) else { return }
    var probability = 1.0
    if !mustForce {
      let ends = Double(weights[weights.count - 1])
      let breaks =
        bytes.isEmpty || !first.isApart && PieceTable.isOfWord(first.bytes[0])
        ? 1 : rule.table.breaks.reduce(ends) { $0 + Double(weights[$1]) }
      let free = rule.range.upperBound - units - rule.pendingUnits(self)
      let often =
        rule.hasMost ? Double(eligible.count) / Double(max(0, free) + eligible.count) : 0.1
      // The model itself may see the next piece coming.
      let fits = rule.isOrdered ? first.beginnings.reduce(0) { $0 + Double(weights[$1]) } : 0
      probability = min(0.98, ends + max(often * breaks, fits))
    }
    guard share < probability else {
      logWeight -= log(1 - probability)
      return
    }
    logWeight += log(Double(eligible.count) / probability)
    let place = min(Int(share / probability * Double(eligible.count)), eligible.count - 1)
    let word = rule.words[pending.remove(at: place)]
    forced = bytes.last.map { PieceTable.isBlank($0) } ?? true ? word.spelling : word.spaced
    spelled = 0
  }

  /// Takes a token in.
  ///
  /// - Parameters:
  ///   - bytes: The text with it.
  ///   - state: How it ends.
  ///   - left: The tokens that the text can still have.
  ///   - probability: What the model gives to the token.
  ///   - allowed: What it gives to all tokens that were allowed.
  mutating func append(
    _ token: Int, _ rule: TextRule, bytes: [UInt8], _ state: ByteSequences.State, left: Int,
    probability: Float, allowed: Float
  ) {
    logWeight += log(Double(max(allowed, .leastNormalMagnitude)))
    logProbability += log(Double(max(probability, .leastNormalMagnitude)))
    guard token < rule.table.pieces.count else { return }
    units += rule.table.units(token, isWithin: isWithin)
    isWithin = rule.table.isWithin(behind: token)
    mustBreak = false
    isHoleBegun = true
    if let word = forced {
      spelled += rule.table.pieces[token].count
      if spelled < word.bytes.count { return }
      mustBreak = word.endsWord && spelled == word.bytes.count
      isClosed = word.endsText
      lastEnd = bytes.count - (spelled - word.bytes.count)
      isHoleBegun = lastEnd < bytes.count
      forced = nil
    }
    if rule.isOrdered { return }
    // The model may have written words by itself.
    for place in pending {
      let word = rule.words[place]
      guard let end = TextRule.end(of: word, in: bytes, from: checked + 1) else { continue }
      var without = self
      without.pending.removeAll { $0 == place }
      if end == bytes.count, word.isApart { without.mustBreak = true }
      // Words that share letters count as several: then the text might become too short.
      if rule.fewestTokens(of: without, state: state) <= left { self = without }
    }
    checked = bytes.count
  }
}
