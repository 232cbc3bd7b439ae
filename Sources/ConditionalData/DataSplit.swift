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
    let share = min(max(share.isFinite ? share : 0, 0), 1)
    var test: [Int32] = []
    var train: [Int32] = []
    var validation: [Int32] = []
    func hash(_ record: Int32) -> Double {
      RecordHash.uniform(record: Int(record), seed: seed, .validation)
    }
    for record in 0..<count {
      let isTest =
        ownTest?.contains(record)
        ?? (RecordHash.uniform(record: record, seed: seed, .test) < Self.testShare)
      if isTest {
        test.append(Int32(record))
      } else if hash(Int32(record)) < share {
        validation.append(Int32(record))
      } else {
        train.append(Int32(record))
      }
    }
    if share > 0, validation.isEmpty, train.count > 1 {
      Self.moveOne(from: &train, to: &validation) { hash($0) < hash($1) }
    } else if train.isEmpty, validation.count > 1 {
      Self.moveOne(from: &validation, to: &train) { hash($0) > hash($1) }
    }
    self.init(train: train, validation: validation, test: test)
  }

  /// Moves the record that comes first in `order` to the other part, which is empty.
  private static func moveOne(
    from source: inout [Int32], to target: inout [Int32], by order: (Int32, Int32) -> Bool
  ) {
    guard let record = source.min(by: order) else { return }
    source.removeAll { $0 == record }
    target = [record]
  }
}
