public import RecordTypes

extension TokenVocabulary {
  /// How many records a token must occur in, so that a model quotes none.
  static let leastRecords = 5

  /// Learns the tokens of fields from some records, which must be those of the training split alone.
  ///
  /// The most frequent pair of neighbours within words becomes a token, of equally frequent ones the least, until there
  /// are as many merges as the kind has, or no other pair occurs in five records. The order of the records is of no
  /// account. The time grows with the number of different words.
  public static func learn(
    _ columns: [RecordColumn], records: [Int32], kind: TextKind
  ) -> TokenVocabulary {
    guard kind.merges > 0 else { return .bytes }
    var words = WordCounts()
    for column in columns {
      guard case .texts(let texts) = column.values else { continue }
      for record in records where column.isKnown(Int(record)) {
        texts.bytes(of: Int(record)).withUnsafeBufferPointer { words.add($0, of: record) }
      }
    }
    var pairs = PairCounts(words)
    var (merges, tokens): ([Merge], [Merge: Int32]) = ([], [:])
    var pieces = bytes.pieces
    while merges.count < min(kind.merges, mostMerges), let merge = pairs.mostFrequent() {
      let token = Int32(pieces.count)
      pairs.replace(merge, by: token)
      merges.append(merge)
      tokens[merge] = token
      pieces.append(pieces[Int(merge.first)] + pieces[Int(merge.second)])
    }
    return TokenVocabulary(trusting: merges, pieces, tokens)
  }
}

/// The different words of texts.
private struct WordCounts {
  private(set) var table = LevelTable()
  /// How often each occurs.
  private(set) var counts: [Int] = []
  /// The first records that each occurs in, as many as decide whether a token has enough; -1 behind them.
  private(set) var records: [Int32] = []

  /// The number of different words.
  var count: Int { counts.count }

  mutating func add(_ text: UnsafeBufferPointer<UInt8>, of record: Int32) {
    let least = TokenVocabulary.leastRecords
    var start = 0
    while start < text.count {
      let end = Word.end(in: text, from: start)
      let word = Int(table.index(of: UnsafeBufferPointer(rebasing: text[start..<end])))
      start = end
      if word == counts.count {
        counts.append(0)
        records.append(contentsOf: repeatElement(-1, count: least))
      }
      counts[word] += 1
      for place in word * least..<(word + 1) * least {
        if records[place] == record { break }
        if records[place] < 0 {
          records[place] = record
          break
        }
      }
    }
  }
}

/// The pairs of neighbouring tokens in words, while tokens are put together.
///
/// A pair can only become rarer after its later token was made. So a queue of counts that may be too large is enough: what
/// comes first is counted again, and put back where it has become rarer.
private struct PairCounts {
  typealias Merge = TokenVocabulary.Merge

  /// A pair with a count that it had.
  private struct Candidate {
    let count: Int
    let merge: Merge

    /// Whether it comes before another one.
    func precedes(_ other: Candidate) -> Bool {
      count != other.count ? count > other.count : merge < other.merge
    }
  }

  private let words: WordCounts
  /// The tokens of all words, and where those of each begin; they take less and less of the room between.
  private var tokens: [Int32] = []
  private var starts: [Int] = []
  private var lengths: [Int] = []
  private var counts: [Merge: Int] = [:]
  /// The words that a pair was seen in; it may have gone from some of them.
  private var places: [Merge: [Int32]] = [:]
  /// A heap.
  private var candidates: [Candidate] = []

  init(_ words: WordCounts) {
    self.words = words
    var new: Set<Merge> = []
    for word in 0..<words.count {
      starts.append(tokens.count)
      words.table.withText(word) { tokens += $0.lazy.map { Int32($0) } }
      lengths.append(tokens.count - starts[word])
      addPairs(of: word, from: 0, &new)
    }
    pushAll(new)
  }

  /// Takes out the most frequent pair that occurs in enough records; nil if there is none.
  mutating func mostFrequent() -> Merge? {
    while let first = pop() {
      guard first.count >= TokenVocabulary.leastRecords else { return nil }
      let count = counts[first.merge, default: 0]
      if count < first.count {
        push(Candidate(count: count, merge: first.merge))
      } else if occursInEnoughRecords(first.merge) {
        return first.merge
      }
    }
    return nil
  }

  /// Makes one token of a pair wherever it occurs.
  mutating func replace(_ merge: Merge, by token: Int32) {
    var new: Set<Merge> = []
    for word in places[merge] ?? [] where contains(Int(word), merge) {
      let word = Int(word)
      removePairs(of: word)
      let range = starts[word]..<starts[word] + lengths[word]
      lengths[word] = tokens.withUnsafeMutableBufferPointer { tokens in
        TokenVocabulary.replace(
          merge, by: token, in: UnsafeMutableBufferPointer(rebasing: tokens[range]),
          count: range.count)
      }
      addPairs(of: word, from: token, &new)
    }
    counts[merge] = nil
    places[merge] = nil
    pushAll(new)
  }

  private func contains(_ word: Int, _ merge: Merge) -> Bool {
    pairs(of: word).contains { tokens[$0] == merge.first && tokens[$0 + 1] == merge.second }
  }

  /// Whether the words with a pair occur in enough records together.
  private func occursInEnoughRecords(_ merge: Merge) -> Bool {
    let least = TokenVocabulary.leastRecords
    var seen: Set<Int32> = []
    for word in places[merge] ?? [] where contains(Int(word), merge) {
      for record in words.records[Int(word) * least..<(Int(word) + 1) * least] where record >= 0 {
        seen.insert(record)
      }
      if seen.count >= least { return true }
    }
    return false
  }

  private mutating func removePairs(of word: Int) {
    for place in pairs(of: word) {
      counts[Merge(tokens[place], tokens[place + 1]), default: 0] -= words.counts[word]
    }
  }

  /// Adds the pairs of a word. It is a new place only of those with a token from `least` on, which are added to `new`.
  private mutating func addPairs(of word: Int, from least: Int32, _ new: inout Set<Merge>) {
    for place in pairs(of: word) {
      let merge = Merge(tokens[place], tokens[place + 1])
      counts[merge, default: 0] += words.counts[word]
      guard max(merge.first, merge.second) >= least else { continue }
      new.insert(merge)
      if places[merge]?.last != Int32(word) { places[merge, default: []].append(Int32(word)) }
    }
  }

  /// Where the left tokens of a word's pairs lie.
  private func pairs(of word: Int) -> Range<Int> {
    starts[word]..<starts[word] + max(0, lengths[word] - 1)
  }

  private mutating func pushAll(_ merges: Set<Merge>) {
    for merge in merges { push(Candidate(count: counts[merge, default: 0], merge: merge)) }
  }

  private mutating func push(_ candidate: Candidate) {
    candidates.append(candidate)
    var place = candidates.count - 1
    while place > 0, candidate.precedes(candidates[(place - 1) / 2]) {
      candidates.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func pop() -> Candidate? {
    guard let first = candidates.first else { return nil }
    let last = candidates.removeLast()
    guard !candidates.isEmpty else { return first }
    candidates[0] = last
    var place = 0
    while 2 * place + 1 < candidates.count {
      var child = 2 * place + 1
      if child + 1 < candidates.count, candidates[child + 1].precedes(candidates[child]) {
        child += 1
      }
      guard candidates[child].precedes(last) else { break }
      candidates.swapAt(place, child)
      place = child
    }
    return first
  }
}
