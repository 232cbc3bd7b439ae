import Foundation

extension Estimate: Encodable {
  private enum CodingKeys: String, CodingKey { case mean, standardError }

  /// Writes both keys, `null` for an unknown standard error.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(mean, forKey: .mean)
    try container.encode(standardError, forKey: .standardError)
  }
}

extension EvaluationReport: Encodable {
  private enum CodingKeys: String, CodingKey {
    case split, records, samples, elbo, logLikelihood, kl, reconstruction, fields, klPerDimension
    case activeUnits, bitsPerDimension, masks
  }

  /// Writes every key, `null` for bits per dimension that aren't defined; `masks` only where there
  /// are some.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(split, forKey: .split)
    try container.encode(records, forKey: .records)
    try container.encode(samples, forKey: .samples)
    try container.encode(elbo, forKey: .elbo)
    try container.encode(logLikelihood, forKey: .logLikelihood)
    try container.encode(kl, forKey: .kl)
    try container.encode(reconstruction, forKey: .reconstruction)
    try container.encode(fields, forKey: .fields)
    try container.encode(klPerDimension, forKey: .klPerDimension)
    try container.encode(activeUnits, forKey: .activeUnits)
    try container.encode(bitsPerDimension, forKey: .bitsPerDimension)
    try container.encodeIfPresent(masks, forKey: .masks)
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
