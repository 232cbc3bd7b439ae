import Testing

@testable import CVAEEvaluation

@Suite struct TextJudgeTests {
  /// Sentences of five words, two of which say the level.
  private static func english(_ count: Int, salt: Int) -> (texts: [String], levels: [Int32]) {
    let topics = [
      ["river", "mountain", "forest"], ["engine", "wheel", "gearbox"], ["bread", "cheese", "soup"],
    ]
    let filler = ["of", "the", "a", "near", "with", "some", "large", "old"]
    return sentences(count, salt: salt, topics: topics, filler: filler, separator: " ")
  }

  private static func chinese(_ count: Int, salt: Int) -> (texts: [String], levels: [Int32]) {
    let topics = [["河流", "山脉", "森林"], ["引擎", "车轮", "齿轮"], ["面包", "奶酪", "米饭"]]
    let filler = ["的", "在", "一个", "和", "有", "大", "老", "旁边"]
    return sentences(count, salt: salt, topics: topics, filler: filler, separator: "")
  }

  private static func sentences(
    _ count: Int, salt: Int, topics: [[String]], filler: [String], separator: String
  ) -> (texts: [String], levels: [Int32]) {
    let levels = (0..<count).map { Int32($0 % 3) }
    let texts = levels.enumerated().map { row, level in
      let chance = Int(TextHash.of([UInt64(row), UInt64(salt)]) >> 8)
      let own = topics[Int(level)]
      let words = [
        filler[chance % 8], own[chance / 8 % 3], filler[chance / 24 % 8], filler[chance / 192 % 8],
        own[chance / 1536 % 3],
      ]
      return words.joined(separator: separator)
    }
    return (texts, levels)
  }

  private func accuracy(
    _ make: (Int, Int) -> (texts: [String], levels: [Int32]), permuted: Bool = false
  ) -> Double {
    let (train, test) = (make(150, 1), make(150, 2))
    let levels = permuted ? train.levels.map { ($0 + 1) % 3 } : train.levels
    let judge = TextJudge(texts: train.texts, levels: levels, of: 3, seed: 1)
    #expect(judge.trainingTexts == 150)
    let found = judge.likeliest(test.texts)
    return Double(zip(found, test.levels).count { $0 == $1 }) / 150
  }

  @Test func easyTextsAreTold() {
    #expect(accuracy(Self.english) == 1)
    #expect(accuracy(Self.chinese) == 1)
    #expect(accuracy(Self.english, permuted: true) == 0)
  }

  /// Letters' cases are all that tells these formulas apart.
  @Test func symbolsAreReadAsSpelled() {
    let texts = (0..<120).map { row in
      let atoms = row % 2 == 0 ? ["C", "O", "N"] : ["c", "o", "n"]
      return (0..<8).map { atoms[(row * 5 + $0 * (row % 7 + 1)) % 3] }.joined()
    }
    let levels = (0..<120).map { Int32($0 % 2) }
    let judge = TextJudge(
      texts: Array(texts[..<60]), levels: Array(levels[..<60]), of: 2, seed: 1)
    #expect(judge.likeliest(Array(texts[60...])) == Array(levels[60...]))
  }

  @Test func equalSeedsGiveEqualJudges() {
    let train = Self.english(60, salt: 3)
    func judge(_ seed: UInt64) -> TextJudge {
      TextJudge(texts: train.texts, levels: train.levels, of: 3, seed: seed)
    }
    #expect(judge(1) == judge(1))
    #expect(judge(1) != judge(2))
  }

  @Test func nothingToLearnFromIsNoFailure() {
    let judge = TextJudge(texts: [], levels: [], of: 4, seed: 1)
    #expect(judge.likeliest(["a", ""]) == [0, 0])
  }
}
