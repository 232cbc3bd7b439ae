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
      try require(
        roles.isGenerated(name), "likelihood.\(name)", "a generated field",
        got: "the given field '\(name)'", remedy: "leave this entry out")
      try validateLikelihood(of: field)
    }
    for name in prior.fields ?? [] {
      _ = try schema.field(name)
      try require(
        roles.isGiven(name), "prior.fields", "given fields",
        got: "the generated field '\(name)'")
    }
    for (place, names) in (combinations ?? []).enumerated() {
      let key = "combinations[\(place)]"
      try require(
        (2...3).contains(names.count) && Set(names).count == names.count, key,
        "two or three fields, such as [job, prestige]",
        got: "[\(names.joined(separator: ", "))]")
      for name in names {
        let field = try schema.field(name)
        try require(
          field.module.features.isIndex, key, "categories or numbers out of few",
          got: "\(field.kind.summary) in '\(name)'")
      }
    }
    try validateAdversary(schema: schema, roles: roles)
    try validateAugmentation(schema: schema, roles: roles)
    try validateLevelsAreUsed(schema: schema, roles: roles)
    if binarize { try validateBinarization(schema: schema, roles: roles) }
    if architecture(schema: schema, roles: roles) == .convolutional {
      try validateConvolutions(schema: schema, roles: roles)
    }
  }

  /// Throws ``ConfigurationError`` unless the setting at `key` below `model` is valid.
  func require(
    _ isRight: Bool, _ key: String, _ expected: String, got actual: String, remedy: String? = nil
  ) throws {
    if isRight { return }
    throw ConfigurationError(
      key: "model.\(key)", expected: expected, actual: actual, remedy: remedy)
  }

  /// The widest layer, and the most latent dimensions.
  static let largestWidth = 1_000_000
  /// The most parameters of a model: a thousand million take 4 GB, and 16 GB to train.
  static let mostParameters = 1_000_000_000

  private static let mostCouplings = 100

  private func validateSizes() throws {
    try require(latent >= 1, "latent", "at least 1 dimension", got: "\(latent)")
    let most = Self.largestWidth
    if let embedding {
      try require(
        (1...most).contains(embedding), "embedding", "from 1 to \(most) numbers",
        got: "\(embedding)")
    }
    try require(
      (0...Self.mostCouplings).contains(prior.flow), "prior.flow",
      "0 to \(Self.mostCouplings) couplings", got: "\(prior.flow)")
    try require(latent <= most, "latent", "at most \(most) dimensions", got: "\(latent)")
    let hidden = [
      ("recognition.hidden", recognition.hidden), ("prior.hidden", prior.hidden),
      ("decoder.hidden", decoder.hidden), ("adversary.hidden", adversary.hidden),
    ]
    let others = [
      ("decoder.columns", decoder.columns ?? []), ("convolution.widths", convolution.widths ?? []),
      ("convolution.dense", convolution.dense),
    ]
    for (key, widths) in hidden + others {
      try require(
        widths.allSatisfy { $0 <= most }, key, "widths of at most \(most)", got: "\(widths)")
    }
    let columns = decoder.columns ?? []
    try require(
      columns.allSatisfy { $0 >= 1 }, "decoder.columns", "widths of at least 1",
      got: "\(columns)", remedy: "write [] to draw all columns at once")
    try require(
      decoder.columnDropout >= 0 && decoder.columnDropout < 1, "decoder.columnDropout",
      "a share of at least 0 and below 1", got: "\(decoder.columnDropout)")
    try require(
      logistic.leastScale >= 0 && logistic.leastScale <= 255, "logistic.leastScale",
      "grey values from 0 to 255", got: "\(logistic.leastScale)")
    for (key, widths) in hidden {
      try require(
        widths.allSatisfy { $0 >= 1 }, key, "widths of at least 1", got: "\(widths)",
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
    let (key, weight) = ("adversary.weight", adversary.weight)
    try require(
      weight.isFinite && weight >= 0, key, "a number of at least 0", got: "\(weight)")
    guard weight > 0 else { return }
    try require(
      group == nil, key, "0 where records of a group share z", got: "\(weight)",
      remedy: "leave model.adversary out: a group's z can't hold one member's condition")
    let isRead = try roles.given.contains {
      try schema.field($0).module.features.pictureSize == nil
    }
    try require(
      isRead, key, "a given field that is no image, for the adversary to read",
      got: "the given fields \(roles.given.joined(separator: ", "))",
      remedy: "leave model.adversary out")
  }

  private func validateLikelihood(of field: Field) throws {
    let allowed = field.module.likelihoods
    let chosen = likelihoodKind(of: field)
    let words = allowed.map(\.rawValue).joined(separator: " or ")
    try require(
      allowed.contains(chosen), "likelihood.\(field.name)",
      "\(words) for \(field.kind.summary)", got: chosen.rawValue)
  }

  private func validateBinarization(schema: RecordSchema, roles: Roles) throws {
    let isUsed = schema.fields.contains { field in
      roles.isGenerated(field.name) && binarizes(field)
    }
    try require(
      isUsed, "binarize", "a generated image with a bernoulli likelihood",
      got: "the generated fields \(roles.generated.joined(separator: ", "))",
      remedy: "set model.binarize to false")
  }

  /// Whether the pixels of a generated field are drawn as black or white.
  func binarizes(_ field: Field) -> Bool {
    binarize && likelihoodKind(of: field) == .bernoulli
  }
}
