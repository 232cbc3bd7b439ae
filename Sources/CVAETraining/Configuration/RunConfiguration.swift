public import CVAEModels
import RecordTypes

/// Everything that decides a run: which fields are given, the model, and the loop.
public struct RunConfiguration: Codable, Hashable, Sendable {
  /// The names of the given fields; empty if the command line names them.
  public var given: [String] = []
  /// The names of fields that take no part: neither given nor generated.
  public var ignore: [String] = []
  /// The networks and likelihoods.
  public var model = ModelConfiguration()
  /// The loop.
  public var training = TrainingConfiguration()

  /// The defaults.
  public init() {}

  /// The defaults for a table: smaller networks than pictures need, larger batches, and a learning rate that
  /// falls until the end.
  ///
  /// See ``setEpochs(forTableOf:)``.
  public static var table: RunConfiguration {
    var table = RunConfiguration()
    table.model.latent = 8
    table.model.recognition.hidden = [128, 128]
    table.model.prior.hidden = [128, 128]
    table.model.decoder.hidden = [128, 128]
    table.training.batch = 256
    table.training.epochs = 80
    table.training.optimizer.learningRate = 0.002
    table.training.schedule.kind = .cosine
    // More threads train such small networks no faster, and far slower if others use the processor too.
    table.training.threads = 1
    return table
  }

  /// Sets 40 to 500 epochs so that there are about 13,000 steps, and small tables are learned too; training
  /// ends early if the validation bound has not risen for a tenth of them.
  public mutating func setEpochs(forTableOf records: Int) {
    let steps = max(1, records / training.batch)
    training.epochs = min(max(13_000 / steps, 40), 500)
    training.earlyStopping = EarlyStopping(patience: max(10, training.epochs / 10))
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case given, ignore, model, training
  }

  /// Reads the mapping, each key optional; `given` and `ignore` may be lists or one name.
  public init(from decoder: any Decoder) throws {
    let settings = try Settings<CodingKeys>(decoder, of: "configuration")
    given = try settings.names(.given) ?? []
    ignore = try settings.names(.ignore) ?? []
    try settings.update(&model, .model)
    try settings.update(&training, .training)
  }

  /// Checks every setting that can be checked without data.
  ///
  /// - Throws: ``ConfigurationFailure`` with a sentence for each mistake.
  public func validate(source: String? = nil) throws {
    let mistakes = training.mistakes
    guard mistakes.isEmpty else { throw ConfigurationFailure(source: source, mistakes: mistakes) }
  }

  /// A setting that differs between two configurations.
  public struct Difference: Hashable, Sendable {
    /// Its path, such as `training.batch`.
    public let key: String
    /// Its value here; nil where it is left out.
    public let own: String?
    /// Its value in the other.
    public let other: String?
  }

  /// The settings in which two configurations differ, by path.
  public func differences(from other: RunConfiguration) throws -> [Difference] {
    let (mine, theirs) = (try settings(), try other.settings())
    return Set(mine.keys).union(theirs.keys).sorted().compactMap { key in
      mine[key] == theirs[key]
        ? nil
        : Difference(
          key: key, own: mine[key]?.description, other: theirs[key]?.description)
    }
  }

  private func settings() throws -> [String: JSONValue] { try JSONValue(of: self).leaves() }
}
