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
  ///   - scores: log p(x | y) of all records, for each level.
  ///   - logPriors: log p(y) of each level.
  ///   - levels: The levels, in the order of both.
  static func likeliest(
    scores: [[Double]], logPriors: [Double], levels: [Int32]
  ) -> [Int32] {
    (0..<(scores.first?.count ?? 0)).map { record in
      let best = levels.indices.max {
        scores[$0][record] + logPriors[$0] < scores[$1][record] + logPriors[$1]
      }
      return levels[best ?? 0]
    }
  }
}
