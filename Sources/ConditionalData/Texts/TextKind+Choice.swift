import RecordTypes

extension TextKind {
  /// The settings that suit the texts of a column, but for those that are stated.
  ///
  /// Tokens are bytes where texts are short or of few different bytes, such as names and formulas: the pieces of words
  /// then help little. Else there is a merge for every fifty bytes at most, as rarer pieces can't be learned.
  init(for column: RecordColumn, _ request: FieldRequest? = nil) {
    let texts = column.texts
    let (records, bytes) = (column.count - column.incompleteCount, texts.byteCount)
    let areShort = bytes < 16 * records || texts.distinctByteCount < 64
    let tokens = request?.tokens?.value ?? (areShort ? .bytes : .pairs)
    let longest = (0..<texts.count).reduce(0) { max($0, texts.length(of: $1)) }
    self.init(
      longest: request?.longest?.value ?? min(tokens == .bytes ? 512 : 256, longest + 1),
      tokens: tokens,
      merges: request?.merges?.value ?? min(bytes > 5_000_000 ? 4096 : 2048, bytes / 50))
  }
}

extension DataTable {
  /// Gives texts as many merges as the one with the most has, so that they share their tokens.
  ///
  /// - Parameter mayChange: Whether nothing states a field's merges, by its name.
  mutating func shareTokens(mayChange: (String) -> Bool) {
    let most = fields.compactMap { $0.textKind?.merges }.max() ?? 0
    for (place, field) in fields.enumerated() {
      guard let kind = field.textKind, kind.tokens == .pairs, mayChange(field.name) else {
        continue
      }
      let shared = TextKind(longest: kind.longest, tokens: .pairs, merges: most)
      fields[place] = Field(name: field.name, kind: FieldKind(shared), style: field.style)
    }
  }
}

extension TextStorage {
  /// How many different bytes occur.
  fileprivate var distinctByteCount: Int {
    var seen = [Bool](repeating: false, count: 256)
    for record in 0..<count {
      for byte in bytes(of: record) { seen[Int(byte)] = true }
    }
    return seen.count { $0 }
  }
}
