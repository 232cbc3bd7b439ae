import ConditionalData

/// A mean over records, and its standard error as an estimate for all records of the kind.
public struct Estimate: Hashable, Sendable, Encodable {
  /// Over the records that were scored.
  public let mean: Double
  /// √(s²/n), or over groups where records share z; nil for a single one.
  @NullIfUnknown public var standardError: Double?

  /// The mean ± its standard error, for people.
  var text: String {
    let mean = mean.text(3)
    return standardError.map { "\(mean) ± \($0.text(3))" } ?? mean
  }
}

extension Estimate? {
  /// `none` where there is no estimate.
  var text: String { self?.text ?? "none" }
}

/// How well a model explains records. All terms are in nats per record.
public struct EvaluationReport: Hashable, Sendable, Encodable {
  /// A latent dimension whose posterior mean varies more than this over records is active.
  ///
  /// - Source: Burda, Grosse and Salakhutdinov, *Importance Weighted Autoencoders*, 2016, section 5.
  public static let activeVariance = 0.01

  /// What the records are called.
  public let split: String
  /// The number of records scored.
  public let records: Int
  /// Importance samples for each.
  public let samples: Int
  /// The evidence lower bound: `reconstruction − kl`.
  public let elbo: Estimate
  /// The importance-sampled bound on log p(x | y), which tightens with `samples`.
  public let logLikelihood: Estimate
  /// KL(q(z | x, y) ‖ p(z | y)).
  public let kl: Estimate
  /// E_q[log p(x | z, y)], over the same samples.
  public let reconstruction: Estimate
  /// The reconstruction of each generated field; they add up to the whole.
  public let fields: [String: Estimate]
  /// The divergence's mean in each latent dimension.
  public let klPerDimension: [Double]
  /// The divergence of z and of each level of details, the coarsest first; nil for a model without levels.
  public let klByLevel: [LevelDivergence]?
  /// The number of active latent dimensions, see ``activeVariance``.
  public let activeUnits: Int
  /// −log₂ p(x | y) over the number of generated columns, from ``logLikelihood``; of images as
  /// densities over the grey levels 0 to 255. Nil where a Bernoulli scores grey values: that is no
  /// density.
  @NullIfUnknown public var bitsPerDimension: Estimate?
  /// −log₂ p(x | y) over the bytes of the text, from ``logLikelihood``, the end mark's probability included. Nil where
  /// something else than one text is generated.
  @NullIfUnknown public var bitsPerByte: Estimate?
  /// How many nats of the reconstruction are lost where each record is decoded from the z of another one: near 0 the
  /// decoder makes no use of z. Nil where it wasn't measured.
  @NullIfUnknown public var exchangedLatentLoss: Estimate?
  /// The images for which there are no bits per dimension.
  public let greyFields: [String]
  /// The masks that hid pixels, as ``MaskDistribution/name`` writes them: only hidden pixels are scored.
  /// Nil for fixed roles.
  public var masks: String?

  /// What one level of latents tells of a record.
  public struct LevelDivergence: Hashable, Sendable, Encodable {
    /// `z`, or the pixels along the longer side of a level of details.
    public let level: String
    /// Mean of KL(q ‖ p), nats per record.
    public let kl: Double
  }

  private enum CodingKeys: String, CodingKey {
    case split, records, samples, elbo, logLikelihood, kl, reconstruction, fields, klPerDimension
    case klByLevel
    case activeUnits, bitsPerDimension, bitsPerByte, exchangedLatentLoss, masks
  }

  /// One JSON object on one line, keys sorted.
  public var json: String { get throws { try jsonLine } }
}
