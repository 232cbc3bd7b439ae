import ConditionalData

extension FidelityReport: Encodable {
  private enum CodingKeys: String, CodingKey {
    case rows, columns, meanColumnDistance, meanColumnBaseline, correlations, correlationDifference
    case correlationBaseline, detectionAUC, utility, privacy
  }

  private enum CorrelationKeys: String, CodingKey { case columns, real, synthetic }

  /// Writes every key, `null` for figures that are nil.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(rows, forKey: .rows)
    try container.encode(columns, forKey: .columns)
    try container.encode(meanColumnDistance, forKey: .meanColumnDistance)
    try container.encode(meanColumnBaseline, forKey: .meanColumnBaseline)
    var matrices = container.nestedContainer(keyedBy: CorrelationKeys.self, forKey: .correlations)
    try matrices.encode(associations.columns, forKey: .columns)
    try matrices.encode(associations.values, forKey: .real)
    try matrices.encode(syntheticAssociations.values, forKey: .synthetic)
    try container.encode(correlationDifference, forKey: .correlationDifference)
    try container.encode(correlationBaseline, forKey: .correlationBaseline)
    try container.encode(detectionAUC, forKey: .detectionAUC)
    try container.encode(utility, forKey: .utility)
    try container.encode(privacy, forKey: .privacy)
  }

  /// One JSON object on one line, keys sorted.
  public var json: String { get throws { try jsonLine } }
}
