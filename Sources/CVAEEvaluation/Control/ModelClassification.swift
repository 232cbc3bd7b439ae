/// How well the model itself recognises the level of a record: it takes the level y with the largest
/// log p(x | y) + log p(y), where the first is the importance-sampled bound and p(y) the levels'
/// shares in the training records.
///
/// Other given fields stay as they are in the record, and are taken for independent of y.
public struct ModelClassification: Hashable, Sendable, Encodable {
  /// The share of records whose level is found.
  public let accuracy: Estimate
  /// The number of records.
  public let records: Int
  /// Importance samples for each record and level.
  public let samples: Int

  /// The likeliest level of each record.
  ///
  /// - Parameters:
  ///   - scores: log p(x | y) + log p(y) of all records, for each level.
  ///   - levels: The levels, in the order of the scores.
  static func likeliest(scores: [[Double]], levels: [Int32]) -> [Int32] {
    (0..<(scores.first?.count ?? 0)).map { record in
      levels[levels.indices.max { scores[$0][record] < scores[$1][record] } ?? 0]
    }
  }
}
