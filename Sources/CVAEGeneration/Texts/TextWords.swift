/// A text's tokens in words: what stands between blanks, without signs at its end; where a script puts no blanks between
/// words, as few tokens as make whole characters.
struct TextWords {
  /// The tokens of each word.
  private(set) var words: [Range<Int>] = []
  private let pieces: [[UInt8]]

  init(_ pieces: [[UInt8]]) {
    self.pieces = pieces
    let bytes = Array(pieces.joined())
    var ends: Set<Int> = [bytes.count]
    var place = 0
    let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
    var before: Unicode.Scalar?
    var signs: Int?
    for scalar in text {
      let isBlank = scalar.properties.isWhitespace
      let isSign = !isBlank && scalar.isASCII && !PieceTable.isOfWord(UInt8(scalar.value))
      let wasBlank = before?.properties.isWhitespace ?? false
      if isBlank, !wasBlank, place > 0 {
        ends.insert(place)
        if let signs { ends.insert(signs) }
      }
      if TextRule.isUnspaced(scalar) || before.map(TextRule.isUnspaced) == true {
        ends.insert(place)
      }
      signs = isSign ? signs ?? place : nil
      before = scalar
      place += UTF8.width(scalar)
    }
    if let signs { ends.insert(signs) }
    var (start, end) = (0, 0)
    for (token, piece) in pieces.enumerated() {
      end += piece.count
      guard ends.contains(end) else { continue }
      words.append(start..<token + 1)
      start = token + 1
    }
  }

  /// The words that stay, where those with the highest scores, all of them above 0, are written anew; nil where none
  /// stays.
  ///
  /// - Parameters:
  ///   - scores: One for each token.
  ///   - keep: The share of words that stays at least, in [0, 1); but one is always written anew.
  func restriction(scores: [Float], keep: Double) -> TextRestriction? {
    let sums = words.map { scores[$0].reduce(0, +) }
    // The product of a share and a count may lie just above a whole number.
    let kept = Int((Double(words.count) * keep - 1e-9).rounded(.up))
    let count = max(1, words.count - kept)
    let anew = Set(
      words.indices.filter { sums[$0] > 0 }.sorted { (-sums[$0], $0) < (-sums[$1], $1) }
        .prefix(count))
    guard anew.count < words.count else { return nil }
    var restriction = TextRestriction()
    restriction.keepsWords = true
    var texts: [[UInt8]] = [[]]
    for (place, tokens) in words.enumerated() {
      if !anew.contains(place) {
        texts[texts.count - 1] += pieces[tokens].joined()
      } else if place == 0 || !anew.contains(place - 1) {
        texts.append([])
      }
    }
    let pieces = texts.map { String(decoding: $0, as: UTF8.self) }
    restriction.beginning = pieces[0]
    restriction.pieces = Array(pieces.dropFirst())
    return restriction
  }
}
