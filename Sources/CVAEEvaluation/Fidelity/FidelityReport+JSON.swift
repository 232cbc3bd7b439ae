import Foundation

extension FidelityReport.Column: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, kind, distance, baseline, missingReal, missingSynthetic
  }

  /// Writes the figures, not the shapes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(kind, forKey: .kind)
    try container.encode(distance, forKey: .distance)
    try container.encode(baseline, forKey: .baseline)
    try container.encode(missingReal, forKey: .missingReal)
    try container.encode(missingSynthetic, forKey: .missingSynthetic)
  }
}

extension FidelityReport.Utility: Encodable {
  private enum CodingKeys: String, CodingKey {
    case target, measure, trainedOnSynthetic, trainedOnReal
  }

  /// Writes every key, `null` for what couldn't be learned.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(target, forKey: .target)
    try container.encode(measure, forKey: .measure)
    try container.encode(trainedOnSynthetic, forKey: .trainedOnSynthetic)
    try container.encode(trainedOnReal, forKey: .trainedOnReal)
  }
}

extension FidelityReport.Privacy: Encodable {
  private enum CodingKeys: String, CodingKey {
    case nearerToTraining, copies, copiesHeldOut, rareRowsExposed, rareRowsExposedHeldOut
  }

  /// Writes every key, `null` where no row is rare.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(nearerToTraining, forKey: .nearerToTraining)
    try container.encode(copies, forKey: .copies)
    try container.encode(copiesHeldOut, forKey: .copiesHeldOut)
    try container.encode(rareRowsExposed, forKey: .rareRowsExposed)
    try container.encode(rareRowsExposedHeldOut, forKey: .rareRowsExposedHeldOut)
  }
}

extension FidelityReport: Encodable {
  private enum CodingKeys: String, CodingKey {
    case rows, columns, meanColumnDistance, meanColumnBaseline, correlations, correlationDifference
    case correlationBaseline, detectionAUC, utility, privacy
  }

  private enum CorrelationKeys: String, CodingKey { case columns, real, synthetic }

  /// Writes every key, `null` for the correlations' difference of a single column.
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
  public var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
