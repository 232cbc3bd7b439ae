public import CVAEModels
public import TensorGraph

/// The architecture of the networks: together with the schema, all that is needed to build them.
public struct ModelArchitecture: Codable, Hashable, Sendable {
  /// The newest layout of model files that this version reads, and the one it writes.
  public static let currentFormat = 2

  /// The layout of the file.
  public var formatVersion = ModelArchitecture.currentFormat
  /// The given fields, or `any` alone, see ``RecordTypes/Roles/named(_:schema:)``.
  public var given: [String]
  /// The networks and likelihoods.
  public var model: ModelConfiguration
  /// Whether given fields have an embedding for "any".
  public var acceptsMissing: Bool
}

/// What the optimiser minimised.
public struct ModelObjective: Codable, Hashable, Sendable {
  /// The weight of the KL term over the run.
  public var klWeight: KLSchedule
  /// Nats of KL for each latent dimension that the loss doesn't punish.
  public var freeBits: Double
  /// The epochs after which the loss punished them, too; nil: none.
  public var freeBitsUntil: Int?
  /// The likelihood of each generated field.
  public var likelihood: [String: LikelihoodKind]
  /// Whether images were binarised at random in every step.
  public var binarize: Bool
}

/// Where the parameters come from. It holds nothing that differs between two equal runs: no time,
/// host, path or command line.
public struct ModelProvenance: Codable, Hashable, Sendable {
  /// The name of the tool that wrote the file.
  public var tool = ToolVersion.name
  /// Its version.
  public var version = ToolVersion.current
  /// The fingerprint of the training data, which identifies a data set.
  public var dataFingerprint: String
  /// The seed that determines the splits, together with `validation`.
  public var splitSeed: UInt64
  /// The share of the training split that was held out.
  public var validation: Double
  /// The category whose levels stay together in the splits; nil where records were split one by one.
  public var splitBy: String?
  /// The seed of initial weights, order and noise.
  public var seed: UInt64
  /// Epochs that the parameters have seen.
  public var epochs: Int
  /// Steps that the parameters have seen.
  public var steps: Int
  /// Records in the training split, without the validation split.
  public var trainingRecords: Int
  /// The number format of the products.
  public var precision: Precision
  /// The number of threads that was set; nil for all.
  public var threads: Int?
  /// Every setting of the run.
  public var configuration: RunConfiguration

  /// The first value that no run can have; nil if there is none.
  var mistake: (key: String, expected: String, actual: String)? {
    for (key, count) in [
      ("epochs", epochs), ("steps", steps), ("trainingRecords", trainingRecords),
    ] where count < 0 {
      return (key, "a count", "\(count)")
    }
    guard (0..<1).contains(validation) else {
      return ("validation", "at least 0 and below 1", "\(validation)")
    }
    return configuration.training.mistakes.first.map {
      ("configuration", "settings that a run can have", "others (\($0.dropLast()))")
    }
  }
}
