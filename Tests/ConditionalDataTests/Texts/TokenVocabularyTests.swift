import Foundation
import RecordTypes
import Testing

@testable import ConditionalData

@Suite struct TokenVocabularyTests {
  private static func learn(
    _ texts: [String?], records: [Int32]? = nil, merges: Int = 50
  ) -> TokenVocabulary {
    .learn(
      [.texts(texts)], records: records ?? (0..<Int32(texts.count)).map { $0 },
      kind: TextKind(merges: merges))
  }

  /// Glosses of few words.
  private static let glosses = (0..<200).map { record -> String in
    let words = ["the", "then", "other", "mother", "a", "1987", "naïve", "café", "--", "Übung"]
    return (0..<7).map { words[(record * 7 + $0 * $0 * 3 + record / 5) % words.count] }
      .joined(separator: " ")
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test(
    arguments: [
      "", " ", "  ", "   a  b ", "the other mother", "12345678901234567890", "\0", "a\0b\r\n\tc",
      "naïve café", "е́то предложение по-русски", "这是一个没有空格的很长的中文句子，用来测试切分是否正确。",
      "日本語のテキストは空白を使わない", "العربية من اليمين إلى اليسار", "👩‍👩‍👧‍👦🏳️‍🌈😀", "<end> </s> <|endoftext|>",
      String(repeating: "x", count: 100), String(repeating: "é", count: 50),
      String(repeating: " ", count: 70), "e\u{301}\u{302}\u{303}",
    ])
  func anyTextComesBack(text: String) {
    let own = Self.learn([String?](repeating: text, count: 5))
    for vocabulary in [.bytes, Self.learn(Self.glosses), own] {
      let tokens = vocabulary.encode(text.utf8)
      #expect(vocabulary.decode(tokens) == Array(text.utf8))
      #expect(tokens.allSatisfy { (0..<Int32(vocabulary.count)).contains($0) })
    }
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func anyBytesComeBack(seed: UInt64) {
    var random = seed
    func next(_ bound: UInt64) -> UInt64 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (random >> 33) % bound
    }
    let vocabulary = Self.learn(Self.glosses)
    for round in 0..<200 {
      // Few different bytes meet more merges.
      let signs: [UInt8] = round % 2 == 0 ? Array(0...255) : Array(" eht\u{E9}1-".utf8)
      let bytes = (0..<next(90)).map { _ in signs[Int(next(UInt64(signs.count)))] }
      #expect(vocabulary.decode(vocabulary.encode(bytes)) == bytes, "seed \(seed), round \(round)")
    }
  }

  /// By hand: "ab" 10 times, then "ab" with "c" 5 times.
  @Test func theMostFrequentPairIsMerged() {
    let texts = [String](repeating: "abc", count: 5) + [String](repeating: "abd", count: 4) + ["ab"]
    let vocabulary = Self.learn(texts)
    #expect(vocabulary.pieces[256...].map(text) == ["ab", "abc"])
    #expect(vocabulary.encode("abc abd".utf8) == [257, 32, 256, 100])
    #expect(Self.learn(texts, merges: 1).merges.count == 1)
    #expect(Self.learn(texts, merges: 0) == .bytes)
  }

  /// "ab" and "cd" occur equally often.
  @Test func ofEquallyFrequentPairsTheLeastComesFirst() {
    let vocabulary = Self.learn([String](repeating: "cd ab", count: 5), merges: 1)
    #expect(vocabulary.merges == [.init(32, 97)])
    #expect(
      Self.learn([String](repeating: "cd.ab", count: 5), merges: 2).merges
        == [.init(97, 98), .init(99, 100)])
  }

  /// A run of one byte is merged from the left.
  @Test func pairsDoNotOverlap() {
    let vocabulary = Self.learn([String](repeating: "aaaaa", count: 5), merges: 1)
    #expect(vocabulary.encode("aaaaa".utf8) == [256, 256, 97])
  }

  /// What is learned is what is used: the tokens of the texts that were learned from are those that learning left.
  @Test func mergesAreIndependentOfTheOrderOfRecords() {
    let vocabulary = Self.learn(Self.glosses)
    #expect(vocabulary.merges.count > 30)
    let order = (0..<Int32(200)).map { $0 * 77 % 200 }
    #expect(Set(order).count == 200)
    #expect(Self.learn(Self.glosses, records: order) == vocabulary)
    #expect(Self.learn(Self.glosses.shuffled()) == vocabulary)
  }

  @Test func onlyTheRecordsAtHandCount() {
    let texts = [String?](repeating: "ab", count: 5) + [String?](repeating: "cd", count: 9) + [nil]
    let vocabulary = Self.learn(texts, records: [0, 1, 2, 3, 4, 5, 14])
    #expect(vocabulary.merges == [.init(97, 98)])
  }

  /// "xyz" is the most frequent piece by far, but in four records alone; another word has it in a fifth.
  @Test func whatFewRecordsHaveIsNoToken() {
    let often = [String](repeating: "xyz", count: 90).joined(separator: " ")
    let others = [String](repeating: "ab", count: 6)
    let vocabulary = Self.learn([String?](repeating: often, count: 4) + others)
    #expect(vocabulary.pieces[256...].map(text) == ["ab"])
    let more = Self.learn([String?](repeating: often, count: 4) + others + ["wxy"])
    #expect(more.pieces[256...].map(text) == ["xy", "ab"])
  }

  /// A word has the space before it, and digits and signs are words of their own.
  @Test func tokensStayWithinWords() {
    let text = "the 12th, of  the\nthe-12"
    let vocabulary = Self.learn([String?](repeating: text, count: 5), merges: 200)
    let pieces = vocabulary.encode(text.utf8).map { self.text(vocabulary.pieces[Int($0)]) }
    #expect(
      pieces == ["the", " 12", "th", ",", " of", " ", " the", "\n", "the", "-", "12"])
  }

  /// Long runs are cut between two characters.
  @Test func longRunsAreCut() {
    let text = String(repeating: "中文", count: 20)
    let vocabulary = Self.learn([String?](repeating: text, count: 5), merges: 500)
    let lengths = vocabulary.encode(text.utf8).map { vocabulary.pieces[Int($0)].count }
    #expect(lengths == [30, 30, 30, 30])
    let plain = String(repeating: "x", count: 70)
    let other = Self.learn([String?](repeating: plain, count: 5), merges: 500)
    #expect(other.encode(plain.utf8).map { other.pieces[Int($0)].count } == [32, 32, 6])
  }

  @Test func tokensThatStandForNothingAddNoBytes() {
    let vocabulary = Self.learn([String](repeating: "ab", count: 5))
    let end = TextKind(merges: 50).endToken
    #expect(vocabulary.decode([256, end, 97, 300, -1]) == Array("aba".utf8))
  }

  @Test func survivesJSON() throws {
    let vocabulary = Self.learn([String](repeating: "abc", count: 5))
    let data = try JSONEncoder().encode(["a": vocabulary])
    #expect(text(Array(data)) == #"{"a":[[97,98],[256,99]]}"#)
    let back = try JSONDecoder().decode([String: TokenVocabulary].self, from: data)
    #expect(back == ["a": vocabulary])
    #expect(back["a"]?.encode("abc".utf8) == [257])
  }

  @Test(
    arguments: [
      ("[[97,98],[257,99]]", "a[1]: expected two tokens from 0 to 256, got [257,99]."),
      ("[[-1,98]]", "a[0]: expected two tokens from 0 to 255, got [-1,98]."),
      ("[[97,98],[97,98]]", "a[1]: expected each merge once, got [97,98]."),
      ("[[97,98],[97]]", "a[1]: expected a pair of tokens, got [97]."),
      (
        "[[97,97],[256,256],[257,257],[258,258],[259,259],[260,260]]",
        "a[5]: expected a token of at most 33 bytes, got [260,260]."
      ),
    ])
  func refusesMergesThatMakeNoTokens(json: String, sentence expected: String) {
    #expect(
      sentence {
        let data = Data("{\"a\":\(json)}".utf8)
        _ = try JSONDecoder().decode([String: TokenVocabulary].self, from: data)
      } == expected)
  }
}
