import RecordTypes
import TensorFiles

extension DataSplit {
  /// Splits the records so that all records of one level of a category stay together; without a field, one
  /// by one.
  ///
  /// A level's part is a function of its name and the seed: about a tenth of the levels are the test
  /// split, and `validation` of the others are held out. A record without a level is split by itself.
  /// Where the data set a test split apart, that stays, and the other records are split by level.
  ///
  /// If there are three or more levels, each part gets at least one (the validation split only if `validation`
  /// is above 0); if there are two, one is left to learn from.
  ///
  /// - Throws: ``UnknownName`` for a field that doesn't exist, `DataFileFailure` for one that is no
  ///   category.
  public init(
    _ dataSet: DataSet, seed: UInt64, validation share: Double, by field: String?
  ) throws {
    guard let field else {
      self.init(dataSet, seed: seed, validation: share)
      return
    }
    let index = try dataSet.schema.index(of: field)
    let column = dataSet.columns[index]
    guard dataSet.schema.fields[index].isCategory else {
      throw DataFileFailure(
        path: dataSet.source, expected: "a category in field '\(field)' to split by",
        actual: dataSet.schema.fields[index].kind.summary, advice: "split by a category")
    }
    let free = (0..<dataSet.count).filter { dataSet.ownTest?.contains($0) != true }
    let rule = SplitRule(
      count: dataSet.count, ownTest: dataSet.ownTest, seed: seed, validation: share,
      levels: LevelParts(
        names: dataSet.schema.fields[index].levels,
        present: Set(free.compactMap { column.level($0) }), seed: seed,
        validation: share, hasOwnTest: dataSet.ownTest != nil))
    self.init(rule, count: dataSet.count) { column.level($0) }
  }
}

/// Which part of a split each level of a category belongs to.
struct LevelParts: Sendable {
  private var parts: [Int32: SplitRule.Part] = [:]

  subscript(_ level: Int32) -> SplitRule.Part? { parts[level] }

  init(
    names: [String], present: Set<Int32>, seed: UInt64, validation share: Double, hasOwnTest: Bool
  ) {
    let levels = present.sorted()
    func hash(_ level: Int32, _ stream: RecordHash.Stream) -> Double {
      RecordHash.uniform(name: names[Int(level)], seed: seed, stream)
    }
    func least(_ part: SplitRule.Part, _ stream: RecordHash.Stream) -> Int32? {
      levels.filter { parts[$0] == part }.min { hash($0, stream) < hash($1, stream) }
    }
    func count(_ part: SplitRule.Part) -> Int { levels.count { parts[$0] == part } }
    for level in levels {
      let isTest = !hasOwnTest && hash(level, .test) < DataSplit.testShare
      let isHeld = hash(level, .validation) < share
      parts[level] = isTest ? .test : isHeld ? .validation : .train
    }
    if !hasOwnTest, count(.test) == 0, levels.count >= 3,
      let level = levels.min(by: { hash($0, .test) < hash($1, .test) })
    {
      parts[level] = .test
    }
    let others = share > 0 ? 2 : 1
    while count(.test) > 1, levels.count - count(.test) < others,
      let level = levels.filter({ parts[$0] == .test }).max(by: {
        hash($0, .test) < hash($1, .test)
      })
    {
      parts[level] = .train
    }
    if count(.train) == 0, levels.count >= 2 {
      let source: SplitRule.Part = count(.validation) > 0 ? .validation : .test
      if let level = least(source, .train) { parts[level] = .train }
    }
    if share > 0, count(.validation) == 0, count(.train) >= 2,
      let level = least(.train, .validation)
    {
      parts[level] = .validation
    }
  }
}
