/// Decides record by record which part of a split each belongs to.
package struct SplitRule: Sendable {
  /// A part of a split.
  package enum Part: Sendable {
    case train, validation, test
  }

  private let ownTest: Range<Int>?
  private let seed: UInt64
  private let share: Double
  /// The parts of levels; nil where records are split one by one.
  private let levels: LevelParts?
  /// A record that is in another part than its hash says, so that no part is empty.
  private var moved: (record: Int, part: Part)?

  /// The rule for `count` records.
  ///
  /// - Parameters:
  ///   - ownTest: The records that the data set apart for testing.
  ///   - share: The share of the other records that is held out.
  ///   - levels: The parts of the levels by which records are split.
  init(
    count: Int, ownTest: Range<Int>?, seed: UInt64, validation share: Double,
    levels: LevelParts? = nil
  ) {
    self.ownTest = ownTest
    self.seed = seed
    self.share = min(max(share.isFinite ? share : 0, 0), 1)
    self.levels = levels
    var (train, validation) = (0, 0)
    for record in 0..<count {
      switch part(of: record) {
      case .train: train += 1
      case .validation: validation += 1
      case .test: break
      }
    }
    if self.share > 0, validation == 0, train > 1 {
      moved = first(.train, of: count) { $0 < $1 }.map { ($0, .validation) }
    } else if train == 0, validation > 1 {
      moved = first(.validation, of: count) { $0 > $1 }.map { ($0, .train) }
    }
  }

  /// The part of a record that is split by itself.
  package func part(of record: Int) -> Part {
    if let moved, moved.record == record { return moved.part }
    let isTest =
      ownTest?.contains(record)
      ?? (RecordHash.uniform(record: record, seed: seed, .test) < DataSplit.testShare)
    if isTest { return .test }
    return hash(record) < share ? .validation : .train
  }

  /// The part of a record that has a level of the field by which records are split.
  package func part(of record: Int, level: Int32?) -> Part {
    guard let levels, let level, ownTest?.contains(record) != true else { return part(of: record) }
    return levels[level] ?? part(of: record)
  }

  /// Whether a record's level counts.
  package var isByLevel: Bool { levels != nil }

  private func hash(_ record: Int) -> Double {
    RecordHash.uniform(record: record, seed: seed, .validation)
  }

  /// The first record of a part by the order of hashes.
  private func first(
    _ part: Part, of count: Int, by order: (Double, Double) -> Bool
  ) -> Int? {
    (0..<count).lazy.filter { self.part(of: $0) == part }.min { order(hash($0), hash($1)) }
  }
}
