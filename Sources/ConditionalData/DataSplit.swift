/// Which records a model learns from, is validated on while it learns, and is judged by.
///
/// A record's part is a function of its index and the seed, so that the same split is found again
/// from the seed alone.
public struct DataSplit: Hashable, Sendable {
  /// The records to learn from.
  public let train: [Int32]
  /// The records held out of training, for validation.
  public let validation: [Int32]
  /// The records that only an evaluation reads.
  public let test: [Int32]

  /// The share that becomes the test split if the data have none of their own.
  static let testShare = 0.1
}

extension DataSplit {
  /// Splits the records: the test split is the data's own, else the tenth of all records whose hash
  /// is lowest; `validation`, a share from 0 to below 1, is hashed out of the rest independently.
  ///
  /// Each part comes out near its share, not exactly at it. Of two or more records that aren't for
  /// testing, at least one is left to learn from, and with `validation` above 0 at least one is
  /// held out.
  public init(_ dataSet: DataSet, seed: UInt64, validation share: Double) {
    self.init(count: dataSet.count, ownTest: dataSet.ownTest, seed: seed, validation: share)
  }

  init(count: Int, ownTest: Range<Int>?, seed: UInt64, validation share: Double) {
    self.init(
      SplitRule(count: count, ownTest: ownTest, seed: seed, validation: share), count: count)
  }

  /// The records in their parts.
  ///
  /// - Parameter level: Each record's level of the field by which records are split.
  init(_ rule: SplitRule, count: Int, level: (Int) -> Int32? = { _ in nil }) {
    var (train, validation, test): ([Int32], [Int32], [Int32]) = ([], [], [])
    for record in 0..<count {
      switch rule.part(of: record, level: level(record)) {
      case .train: train.append(Int32(record))
      case .validation: validation.append(Int32(record))
      case .test: test.append(Int32(record))
      }
    }
    self.init(train: train, validation: validation, test: test)
  }
}
