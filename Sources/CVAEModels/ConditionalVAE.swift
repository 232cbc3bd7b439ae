public import RecordTypes
public import TensorGraph

/// A conditional variational autoencoder: the three networks, and the programs that train and use
/// them.
///
/// log p(x | y) ≥ ELBO = E_q[log p(x | z, y)] − KL(q(z | x, y) ‖ p(z | y))
///
/// A program is a static graph for one batch size. Its inputs are the fields that it reads, by
/// ``FieldInput``, and those of ``ProgramInput`` that its documentation names.
///
/// - Source: Sohn, Lee and Yan, *Learning Structured Output Representation using Deep Conditional
///   Generative Models*, 2015 (who call the condition x and the observation y).
public struct ConditionalVAE: Sendable {
  /// All fields.
  public let schema: RecordSchema
  /// Which of them are given.
  public let roles: Roles
  /// The networks' shape, with what was left to choice named, so that a model file says what it holds.
  public let configuration: ModelConfiguration
  /// Whether given fields may be unknown, for which they have learned embeddings.
  public let acceptsMissing: Bool
  /// All parameters, with their first values.
  public let store: ParameterStore
  /// Given and generated fields, in the schema's order.
  public let inputs: [FieldInput]

  let prior: PriorNetwork
  let recognition: RecognitionNetwork
  let decoder: Decoder
  let adversary: LeakageAdversary?

  /// Declares a model; first values depend on `seed` and each parameter's name alone.
  ///
  /// - Throws: ``ConfigurationError`` for settings that don't fit the schema and roles.
  public init(
    schema: RecordSchema, roles: Roles, configuration: ModelConfiguration, acceptsMissing: Bool,
    seed: UInt64
  ) throws {
    try configuration.validate(schema: schema, roles: roles)
    self.schema = schema
    self.roles = roles
    let configuration = configuration.resolved(schema: schema, roles: roles)
    self.configuration = configuration
    self.acceptsMissing = acceptsMissing
    let used = roles.given + roles.generated
    inputs = schema.fields.filter { used.contains($0.name) }.map { field in
      FieldInput(
        field: field, isGiven: roles.given.contains(field.name), acceptsMissing: acceptsMissing,
        isPartial: schema.isPartial(field, roles: roles))
    }
    var store = ParameterStore(seed: seed)
    let masked = inputs.filter { roles.masked.contains($0.field.name) }
    let given = inputs.filter(\.isGiven)
    let cells = masked.flatMap { $0.field.isCategory ? [$0.known] : [$0.known, $0.mask] }
    // Values alone would leave open what is given, and what there is none of.
    let places = Self.placeInputs(inputs, masked: masked)
    let scales = configuration.pictureScales(schema: schema, roles: roles)
    recognition = RecognitionNetwork(
      configuration, inputs: inputs + places.map(\.alwaysSeen),
      scales: scales, store: &store)
    let pictures = PictureCondition(
      configuration, given: given + cells, scales: scales, store: &store)
    prior = PriorNetwork(
      configuration, given: configuration.priorFields(given) + cells, pictures: pictures,
      store: &store)
    decoder = Decoder(
      configuration, generated: inputs.filter { !$0.isGiven }, given: given + cells,
      pictures: pictures, scales: scales, store: &store)
    adversary = LeakageAdversary(configuration, given: given, store: &store)
    self.store = store
    try configuration.validateCount(of: store)
  }

  /// The condition's fields.
  public var givenInputs: [FieldInput] { inputs.filter(\.isGiven) }

  /// The observation's fields.
  public var generatedInputs: [FieldInput] { inputs.filter { !$0.isGiven } }

  /// The generated fields of which some cells may be given. Beside their value, programs read their
  /// ``FieldInput/mask``; networks see that and the ``FieldInput/known`` part.
  public var maskedInputs: [FieldInput] {
    generatedInputs.filter { roles.masked.contains($0.field.name) }
  }

  /// Whether any fields of a row may be given, the others being generated.
  public var masksRows: Bool { maskedInputs.contains { !$0.field.isImage } }

  /// The cells of a row's mask: its fields, without those that tell of a number's absence, which go with the
  /// number.
  public var rowCells: [String] {
    generatedInputs.map(\.field).filter { $0.absenceOf == nil }.map(\.name)
  }

  /// What programs that score records read of masked and partial fields beside their values.
  var placeInputs: [FieldInput] { Self.placeInputs(inputs, masked: maskedInputs) }

  /// What the columns of a row see of others before them, beside the inputs that all programs read.
  var chainInputs: [FieldInput] {
    decoder.chain?.columns.map(\.value).filter { $0.part == .seen } ?? []
  }

  private static func placeInputs(_ inputs: [FieldInput], masked: [FieldInput]) -> [FieldInput] {
    masked.map { $0.field.isCategory ? $0.known : $0.mask }
      + inputs.filter { $0.isPartial && !$0.field.isCategory }.map(\.target)
  }

  /// What programs that generate records read of masked fields.
  var partialConditions: [FieldInput] {
    maskedInputs.flatMap { $0.field.isCategory ? [$0.known] : [$0, $0.mask] }
  }

  /// Images that are drawn as black and white at every use.
  public var binarizedInputs: [FieldInput] {
    generatedInputs.filter { configuration.binarizes($0.field) }
  }

  /// The Gaussians' log σ that the trainer computes from the training split and stores.
  public var fittedDeviations: [FittedDeviation] {
    decoder.heads.compactMap { head in
      guard let gaussian = head.likelihood as? GaussianLikelihood, gaussian.source == .optimal
      else { return nil }
      return FittedDeviation(field: head.input.field, parameter: gaussian.logDeviation)
    }
  }

  /// What a generated field's program output tells of its values.
  public func prediction(of field: Field) -> PredictedDistribution? {
    switch decoder.heads.first(where: { $0.input.field.name == field.name })?.likelihood {
    case let gaussian as GaussianLikelihood: .gaussian(logDeviation: gaussian.logDeviation.name)
    case is MixtureLikelihood: .mixture(components: MixtureLikelihood.components)
    default: nil
    }
  }

  /// The parameters that gradients change: all but ``fittedDeviations``.
  public var trainedParameters: [Parameter] {
    let fitted = Set(fittedDeviations.map(\.parameter))
    return store.parameters.filter { !fitted.contains($0) }
  }
}

extension RecordSchema {
  /// Whether a generated field isn't generated in every record: it is given in some, or absent.
  fileprivate func isPartial(_ field: Field, roles: Roles) -> Bool {
    guard !field.isImage, roles.generated.contains(field.name) else { return false }
    return roles.masked.contains(field.name) || fields.contains { $0.absenceOf == field.name }
  }
}

/// What a generation program's output for a real field means.
public enum PredictedDistribution: Hashable, Sendable {
  /// Means `[batch, columns]`; the log σ of all records is the parameter of that name.
  case gaussian(logDeviation: String)
  /// All components' shares, then their means, then their deviations, `[batch, 3 · columns · components]`,
  /// in each part a column's components side by side.
  case mixture(components: Int)
}
