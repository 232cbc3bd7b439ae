import RecordTypes

/// The tokens of a column's texts, one record after another.
///
/// A text ends with the kind's end mark, unless it is cut: with the mark it would have more tokens than are kept. A missing
/// one has no token at all.
package struct TokenRows: Sendable {
  /// The tokens of all records.
  package private(set) var tokens: [Int32] = []
  /// Where those of each record begin, and at last where all end.
  package private(set) var starts = [0]
  /// How many texts are cut.
  package private(set) var cut = 0

  /// The tokens of all texts of a column.
  init(_ column: RecordColumn, kind: TextKind, vocabulary: TokenVocabulary) {
    let texts = column.texts
    starts.reserveCapacity(column.count + 1)
    var words = WordTokens(vocabulary)
    for record in 0..<column.count {
      if column.isKnown(record) {
        texts.bytes(of: record).withUnsafeBufferPointer { text in
          words.append(text, to: &tokens)
        }
        let excess = tokens.count - starts[record] - kind.longest
        if excess < 0 {
          tokens.append(kind.endToken)
        } else {
          tokens.removeLast(excess)
          cut += 1
        }
      }
      starts.append(tokens.count)
    }
  }

  /// The number of a record's tokens.
  package func count(of record: Int) -> Int { starts[record + 1] - starts[record] }
}

/// Turns texts into tokens, each different word once.
private struct WordTokens {
  private let vocabulary: TokenVocabulary
  private var table = LevelTable()
  /// The tokens of each word of the table, and where they begin.
  private var tokens: [Int32] = []
  private var starts = [0]

  init(_ vocabulary: TokenVocabulary) { self.vocabulary = vocabulary }

  mutating func append(_ text: UnsafeBufferPointer<UInt8>, to target: inout [Int32]) {
    if vocabulary.merges.isEmpty {
      target += text.lazy.map { Int32($0) }
      return
    }
    var start = 0
    while start < text.count {
      let end = Word.end(in: text, from: start)
      let bytes = UnsafeBufferPointer(rebasing: text[start..<end])
      let word = Int(table.index(of: bytes))
      if word == starts.count - 1 {
        tokens += vocabulary.merged(bytes)
        starts.append(tokens.count)
      }
      target += tokens[starts[word]..<starts[word + 1]]
      start = end
    }
  }
}
