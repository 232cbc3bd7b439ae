extension ControlReport.Level: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, generated, accuracy, testAccuracy, diversity
  }

  /// Writes every key, `null` for what isn't defined.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(generated, forKey: .generated)
    try container.encode(accuracy, forKey: .accuracy)
    try container.encode(testAccuracy, forKey: .testAccuracy)
    try container.encode(diversity, forKey: .diversity)
  }
}

extension ControlReport: Encodable {
  private enum CodingKeys: String, CodingKey {
    case field, classifier, accuracy, perLevel, diversity, curve
    case frechetDistance, frechetDistanceOfReal, memorisation, leakage, classification
  }

  /// Writes every key, `null` for what isn't defined; `curve` only where there is one.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(field, forKey: .field)
    try container.encode(classifier, forKey: .classifier)
    try container.encode(accuracy, forKey: .accuracy)
    try container.encode(perLevel, forKey: .perLevel)
    try container.encode(diversity, forKey: .diversity)
    try container.encodeIfPresent(curve, forKey: .curve)
    try container.encode(frechetDistance, forKey: .frechetDistance)
    try container.encode(frechetDistanceOfReal, forKey: .frechetDistanceOfReal)
    try container.encode(memorisation, forKey: .memorisation)
    try container.encode(leakage, forKey: .leakage)
    try container.encode(classification, forKey: .classification)
  }
}
