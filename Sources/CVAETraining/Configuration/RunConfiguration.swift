public import CVAEModels
public import RecordTypes

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

  /// Sets what texts need: more of z, smaller batches, and a KL term that is charged from a fifth of the epochs on, beyond
  /// a few nats that are free, so that z is made use of. There are about 20,000 steps, and at most 100 epochs.
  ///
  /// - Source: Bowman et al., *Generating Sentences from a Continuous Space*, 2016; Kingma et al., *Improved Variational
  ///   Inference with Inverse Autoregressive Flow*, 2016, for the free bits.
  ///
  /// - Parameter epochs: How many there will be; nil for so many steps.
  public mutating func setTexts(of records: Int, epochs: Int? = nil) {
    model.latent = 32
    model.recognition.hidden = [256]
    model.prior.hidden = [128]
    training.batch = 64
    training.epochs =
      epochs ?? min(max(20_000 * training.batch / max(1, records), 10), 100)
    training.optimizer.learningRate = 0.002
    training.schedule.kind = .cosine
    training.klWeight = .linear(from: 0, to: 1, epochs: max(1, training.epochs / 5))
    training.freeBits = 0.07
    training.gradientClip = 5
    training.earlyStopping = EarlyStopping(patience: max(3, training.epochs / 10))
    training.threads = nil
  }

  /// Sets what pictures need: colour has a likelihood that is a density, with channels that lean on each other; large or
  /// coloured pictures have more of z, and no grid; and few of them make small batches and enough steps.
  ///
  /// - Parameters:
  ///   - schema: All fields, of which ``given`` and ``ignore`` name some.
  ///   - records: How many records there are.
  ///   - epochs: How many there will be; nil for some 6,000 steps where there are fewer than 10,000 records.
  public mutating func setPictures(
    _ schema: RecordSchema, of records: Int, epochs: Int? = nil
  ) {
    let images = schema.fields.compactMap { field in
      given.contains(field.name) || ignore.contains(field.name)
        ? nil : field.imageSize.map { (name: field.name, size: $0) }
    }
    if images.isEmpty { return }
    let coloured = images.filter { $0.size.channels > 1 }
    for image in coloured { model.likelihood[image.name] = .discretizedLogistic }
    if !coloured.isEmpty { model.logistic.leaning = true }
    let areLarge = images.contains { max($0.size.height, $0.size.width) > 32 }
    model.convolution.smooth = areLarge
    if areLarge || !coloured.isEmpty {
      model.latent = 64
      if model.group == nil, isConvolutional(schema) { setLevels(images[0].size) }
    }
    if records < Self.manyPictures { setFewPictures(records, epochs: epochs) }
    if !model.convolution.levels.isEmpty {
      training.freeBitsUntil = max(1, (epochs ?? training.epochs) / 5)
    }
  }

  /// Whether convolutional networks will be chosen.
  private func isConvolutional(_ schema: RecordSchema) -> Bool {
    guard let used = try? usedSchema(of: schema),
      let roles = try? Roles.named(given, schema: used)
    else { return false }
    return model.architecture(schema: used, roles: roles) == .convolutional
  }

  /// Sets small batches and enough steps.
  private mutating func setFewPictures(_ records: Int, epochs: Int?) {
    training.batch = 32
    training.schedule.kind = .cosine
    if model.convolution.levels.isEmpty {
      training.gradientClip = 5
    } else {
      model.augmentation.flip = true
      model.augmentation.shift = 2
    }
    // Some four in five of the records are for training.
    let wanted = Self.fewestSteps * training.batch / max(1, records * 4 / 5)
    training.epochs = epochs ?? max(training.epochs, wanted)
    if epochs == nil {
      training.earlyStopping = EarlyStopping(patience: max(10, training.epochs / 5))
    }
  }

  /// Sets levels of details from a quarter of the pictures' size down to four pixels, and what training them needs.
  private mutating func setLevels(_ size: ImageSize) {
    let extent = max(size.height, size.width)
    guard extent >= 16, min(size.height, size.width) >= 16, extent <= 128 else { return }
    model.latent = 48
    let halvings = (Double(extent) / 4).exponent
    let multiple = 1 << halvings
    let padded = (extent + multiple - 1) / multiple * multiple
    model.convolution.widths = [16, 32] + (2...halvings).map { $0 == 2 ? 32 : $0 == 3 ? 48 : 64 }
    model.convolution.levels = (2...halvings).reversed().map { halving in
      let own = padded >> halving
      return DetailConfiguration(extent: own, channels: own <= 8 ? 16 : own <= 16 ? 12 : 4)
    }
    model.convolution.levelDropout = 0.3
    training.schedule.warmupSteps = 100
    training.gradientClip = 200
    training.freeBits = 0.1
  }

  private static let manyPictures = 10_000
  private static let fewestSteps = 6_000

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
