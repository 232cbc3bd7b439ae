public import RecordTypes
import TensorGraph

extension ModelConfiguration {
  /// Checks the settings against the fields that they are for.
  ///
  /// - Throws: ``ConfigurationError`` for the first setting that can't be used, and
  ///   ``RecordTypes/UnknownName`` for a likelihood of a field that isn't there.
  public func validate(schema: RecordSchema, roles: Roles) throws {
    try validateSizes()
    for name in likelihood.keys.sorted() {
      let field = try schema.field(name)
      guard roles.generated.contains(name) else {
        throw ConfigurationError(
          key: "model.likelihood.\(name)", expected: "a generated field",
          actual: "the given field '\(name)'", remedy: "leave this entry out")
      }
      try validateLikelihood(of: field)
    }
    for name in prior.fields ?? [] {
      _ = try schema.field(name)
      guard roles.given.contains(name) else {
        throw ConfigurationError(
          key: "model.prior.fields", expected: "given fields",
          actual: "the generated field '\(name)'")
      }
    }
    try validateAdversary(schema: schema, roles: roles)
    if binarize { try validateBinarization(schema: schema, roles: roles) }
    if architecture(schema: schema, roles: roles) == .convolutional {
      try validateConvolutions(schema: schema, roles: roles)
    }
  }

  /// The widest layer, and the most latent dimensions.
  static let largestWidth = 1_000_000
  /// The most parameters of a model: a thousand million take 4 GB, and 16 GB to train.
  static let mostParameters = 1_000_000_000

  private func validateSizes() throws {
    guard latent >= 1 else {
      throw ConfigurationError(
        key: "model.latent", expected: "at least 1 dimension", actual: "\(latent)")
    }
    guard latent <= Self.largestWidth else {
      throw ConfigurationError(
        key: "model.latent", expected: "at most \(Self.largestWidth) dimensions",
        actual: "\(latent)")
    }
    for (key, widths) in [
      ("recognition.hidden", recognition.hidden), ("prior.hidden", prior.hidden),
      ("decoder.hidden", decoder.hidden), ("decoder.columns", decoder.columns ?? []),
      ("adversary.hidden", adversary.hidden), ("convolution.widths", convolution.widths ?? []),
      ("convolution.dense", convolution.dense),
    ] where widths.contains(where: { $0 > Self.largestWidth }) {
      throw ConfigurationError(
        key: "model.\(key)", expected: "widths of at most \(Self.largestWidth)",
        actual: "\(widths)")
    }
    let widths = [
      ("recognition", recognition.hidden), ("prior", prior.hidden), ("decoder", decoder.hidden),
      ("adversary", adversary.hidden),
    ]
    if let columns = decoder.columns, columns.contains(where: { $0 < 1 }) {
      throw ConfigurationError(
        key: "model.decoder.columns", expected: "widths of at least 1", actual: "\(columns)",
        remedy: "write [] to draw all columns at once")
    }
    guard decoder.columnDropout >= 0, decoder.columnDropout < 1 else {
      throw ConfigurationError(
        key: "model.decoder.columnDropout", expected: "a share of at least 0 and below 1",
        actual: "\(decoder.columnDropout)")
    }
    for (part, hidden) in widths where hidden.contains(where: { $0 < 1 }) {
      throw ConfigurationError(
        key: "model.\(part).hidden", expected: "widths of at least 1", actual: "\(hidden)",
        remedy: "write [] for no hidden layer")
    }
  }

  /// Checks that the model made from the settings has no more parameters than can be held.
  ///
  /// - Throws: ``ConfigurationError``.
  func validateCount(of store: ParameterStore) throws {
    var total = 0
    for parameter in store.parameters {
      let (sum, overflow) = total.addingReportingOverflow(parameter.shape.count)
      total = sum
      guard !overflow, sum <= Self.mostParameters else {
        throw ConfigurationError(
          key: "model", expected: "at most \(Self.mostParameters) parameters",
          actual: "more, with '\(parameter.name)' of \(parameter.shape)",
          remedy: "lower the widths")
      }
    }
  }

  private func validateAdversary(schema: RecordSchema, roles: Roles) throws {
    let key = "model.adversary.weight"
    guard adversary.weight.isFinite, adversary.weight >= 0 else {
      throw ConfigurationError(
        key: key, expected: "a number of at least 0", actual: "\(adversary.weight)")
    }
    guard adversary.weight > 0 else { return }
    guard group == nil else {
      throw ConfigurationError(
        key: key, expected: "0 where records of a group share z", actual: "\(adversary.weight)",
        remedy: "leave model.adversary out: a group's z can't hold one member's condition")
    }
    let read = try roles.given.filter {
      try schema.field($0).module.features.pictureSize == nil
    }
    guard !read.isEmpty else {
      throw ConfigurationError(
        key: key, expected: "a given field that is no image, for the adversary to read",
        actual: "the given fields \(roles.given.joined(separator: ", "))",
        remedy: "leave model.adversary out")
    }
  }

  private func validateLikelihood(of field: Field) throws {
    let allowed = field.module.likelihoods
    let chosen = likelihoodKind(of: field)
    guard allowed.contains(chosen) else {
      throw ConfigurationError(
        key: "model.likelihood.\(field.name)",
        expected: "\(allowed.map(\.rawValue).joined(separator: " or ")) for \(field.kind.summary)",
        actual: chosen.rawValue)
    }
  }

  private func validateBinarization(schema: RecordSchema, roles: Roles) throws {
    let candidates = schema.fields.filter { field in
      roles.generated.contains(field.name) && binarizes(field)
    }
    guard !candidates.isEmpty else {
      throw ConfigurationError(
        key: "model.binarize", expected: "a generated image with a bernoulli likelihood",
        actual: "the generated fields \(roles.generated.joined(separator: ", "))",
        remedy: "set model.binarize to false")
    }
  }

  /// Whether the pixels of a generated field are drawn as black or white.
  func binarizes(_ field: Field) -> Bool {
    binarize && likelihoodKind(of: field) == .bernoulli
  }
}
