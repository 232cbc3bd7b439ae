import Foundation
import RecordTypes

@testable import ConditionalData

extension FuzzedReader {
  /// The tokens of texts: a vocabulary is learned from the input's lines, and gives them and the whole input back.
  static let texts = FuzzedReader(
    name: "texts",
    words: ["the ", " 12", "\n", "é", "中文", "😀", "\0", "  ", "aaaa", "-"].map { Array($0.utf8) }
      + [[0x80], [0xFF], [0xC3], [0xE4, 0xB8]],
    seeds: {
      [
        [String](repeating: "the other mother", count: 6).joined(separator: "\n"),
        [String](repeating: "中文中文 12345", count: 5).joined(separator: "\n"),
        [String](repeating: "aaaaaaa  😀😀", count: 9).joined(separator: "\n"), "",
      ].map { Array($0.utf8) }
    },
    read: { bytes, _ in
      let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      let column = RecordColumn(.texts(TextStorage(lines)))
      let kind = TextKind(longest: 4096, merges: 300)
      let vocabulary = TokenVocabulary.learn(
        [column], records: (0..<Int32(column.count)).map { $0 }, kind: kind)
      let rows = TokenRows(column, kind: kind, vocabulary: vocabulary)
      for (record, line) in lines.enumerated() where rows.count(of: record) < kind.longest {
        let tokens = rows.tokens[rows.starts[record]..<rows.starts[record + 1]]
        precondition(vocabulary.decode(tokens).elementsEqual(line), "A line isn't what it was.")
      }
      precondition(
        vocabulary.decode(vocabulary.encode(bytes)) == bytes, "Bytes aren't what they were.")
      let data = try JSONEncoder().encode([vocabulary])
      let back = try JSONDecoder().decode([TokenVocabulary].self, from: data)
      precondition(back == [vocabulary], "A vocabulary isn't what it was.")
    })
}
