public import RecordTypes
public import TensorGraph

/// A conditional variational autoencoder: the three networks, and the programs that train and use
/// them.
///
/// log p(x | y) ≥ ELBO = E_q[log p(x | z, y)] − KL(q(z | x, y) ‖ p(z | y))
///
/// A program is a static graph for one batch size; its inputs and outputs are the ports of a ``ModelProgram``.
///
/// - Source: Sohn, Lee and Yan, *Learning Structured Output Representation using Deep Conditional
///   Generative Models*, 2015 (who call the condition x and the observation y).
public struct ConditionalVAE: Sendable {
  /// All fields.
  public let schema: RecordSchema
  /// Which of them are given.
  public let roles: Roles
  /// The networks' shape, with every default written out, so that a model file says what it holds.
  public let configuration: ModelConfiguration
  /// Whether given fields may be unknown, for which they have learned embeddings.
  public let acceptsMissing: Bool
  /// All parameters, with their first values.
  public let store: ParameterStore
  /// The variables: given and generated fields in the schema's order, each after the variable that says
  /// whether its value is missing, if there is one.
  public let inputs: [FieldInput]
  /// The generated fields of which some cells may be given. Beside their value, programs read their
  /// ``FieldInput/mask``; networks see that and the ``FieldInput/known`` part.
  public let maskedInputs: [FieldInput]

  /// What is said to networks of changed pictures; nil where pictures stay as they are.
  let augmentation: FieldInput?

  private let purposes: [FieldUse: [String: RandomPurpose]]

  let prior: PriorNetwork
  let recognition: RecognitionNetwork
  let decoder: Decoder
  /// The style's distribution where it isn't N(0, I).
  let flow: StyleFlow?
  let adversary: LeakageAdversary?
  /// Reads given texts.
  let texts: TextReader
  /// Details of pictures that have latent numbers of their own beside z, the coarsest first.
  public let detailLevels: [DetailLevel]
  /// Whether the style has a distribution of its own, see ``PriorConfiguration/flow``.
  public var hasFlow: Bool { flow != nil }
  /// Which levels don't occur together.
  public let exclusions: [Exclusion]

  /// Declares a model; first values depend on `seed` and each parameter's name alone.
  ///
  /// - Parameter combinations: The table of an ``Exclusion`` by variables of another; zeros where it is empty.
  /// - Throws: ``ConfigurationError`` for settings that don't fit the schema and roles.
  public init(
    schema: RecordSchema, roles: Roles, configuration: ModelConfiguration, acceptsMissing: Bool,
    seed: UInt64, combinations: ([FieldInput], FieldInput) -> [Float] = { _, _ in [] }
  ) throws {
    try configuration.validate(schema: schema, roles: roles)
    self.schema = schema
    self.roles = roles
    let configuration = configuration.resolved(schema: schema, roles: roles)
    self.configuration = configuration
    self.acceptsMissing = acceptsMissing
    let variables = Self.inputs(schema, roles, acceptsMissing: acceptsMissing).map { input in
      var input = input
      let isLarge = (input.features.count ?? 0) >= ModelConfiguration.manyLevels
      input.embedding = isLarge ? configuration.embedding : nil
      if let vocabulary = input.features.vocabulary {
        input.features = .tokens(vocabulary: vocabulary, width: configuration.text.width)
      }
      return input
    }
    // Texts are written last, so that they hear of all else.
    inputs = variables.filter { !$0.isText } + variables.filter(\.isText)
    let scales = configuration.pictureScales(schema: schema, roles: roles)
    detailLevels = scales?.levels ?? []
    purposes = Self.purposes(inputs, detailLevels)
    var store = ParameterStore(seed: seed)
    let masked = inputs.filter { roles.isMasked($0.field.name) }
    maskedInputs = masked
    let count = configuration.augmentation.count
    var names = UnusedNames(inputs.map(\.name))
    augmentation =
      count > 0
      ? FieldInput(augmentation: names.take("augmentation"), count: count) : nil
    let changes = augmentation.map { [$0] } ?? []
    let given = inputs.filter(\.isGiven)
    let cells = masked.flatMap { $0.features.isIndex ? [$0.known] : [$0.known, $0.mask] }
    // Values alone would not say which of them are given, and which are missing.
    let places = Self.placeInputs(inputs, masked: masked)
    recognition = RecognitionNetwork(
      configuration, inputs: inputs + (places + changes).map(\.alwaysRead), scales: scales,
      store: &store)
    let pictures = PictureFeatures(
      "condition", configuration, fields: given + cells + changes, scales: scales, store: &store)
    prior = PriorNetwork(
      configuration,
      given: configuration.priorFields(given) + cells + (configuration.group == nil ? changes : []),
      pictures: pictures, store: &store)
    flow = StyleFlow(configuration, store: &store)
    decoder = Decoder(
      configuration, generated: inputs.filter { !$0.isGiven }, given: given + cells + changes,
      pictures: pictures, scales: scales, store: &store)
    texts = TextReader(
      "condition", configuration.text, fields: given + cells, isCondition: true, store: &store)
    adversary = LeakageAdversary(
      configuration, details: detailLevels.reduce(0) { $0 + $1.channels }, given: given,
      store: &store)
    exclusions = Exclusion.declare(
      configuration.combinations ?? [], inputs: inputs, numbers: combinations, store: &store)
    self.store = store
    try configuration.validateCount(of: store)
  }

  /// The variables of the fields that are used. A generated number that records may lack comes after a variable
  /// that says whether it is missing; no field has that variable's name.
  private static func inputs(
    _ schema: RecordSchema, _ roles: Roles, acceptsMissing: Bool
  ) -> [FieldInput] {
    var names = UnusedNames(schema.fields.map(\.name))
    return schema.fields.flatMap { field -> [FieldInput] in
      if roles.isGiven(field.name) {
        return [FieldInput(field: field, isGiven: true, acceptsMissing: acceptsMissing)]
      }
      guard roles.isGenerated(field.name) else { return [] }
      let isMasked = roles.isMasked(field.name) && !field.kind.content.isMaskedByCell
      let value = FieldInput(
        field: field, isGiven: false, acceptsMissing: false,
        isPartial: isMasked || field.mayBeMissing && !field.module.features.isIndex)
      guard field.mayBeMissing, !value.features.isIndex else { return [value] }
      return [
        FieldInput(
          absenceOf: field, name: names.take("\(field.name) is missing"), isPartial: isMasked),
        value,
      ]
    }
  }

  private static func purposes(
    _ inputs: [FieldInput], _ levels: [DetailLevel]
  ) -> [FieldUse: [String: RandomPurpose]] {
    var purposes = RandomPurposes()
    // The purposes of the programs themselves come first and keep their numbers.
    for label in ["latent", "style", "columnDropout", "mask of the row"] { _ = purposes(label) }
    if !levels.isEmpty { _ = purposes("levelDropout") }
    for level in levels {
      for purpose in [level.posteriorPurpose, level.stylePurpose] { _ = purposes(purpose.label) }
    }
    var table: [FieldUse: [String: RandomPurpose]] = [:]
    for use in FieldUse.allCases {
      for input in inputs {
        table[use, default: [:]][input.name] = purposes("\(use.rawValue) \(input.name)")
      }
    }
    return table
  }

  /// The purpose of a variable's random numbers for one use; no two uses share theirs.
  public func purpose(_ use: FieldUse, of input: FieldInput) -> RandomPurpose {
    purposes[use]?[input.name] ?? RandomPurpose("\(use.rawValue) \(input.name)")
  }

  /// Numbers of a record's style: those of z, then those of each of the ``detailLevels``.
  public var styleCount: Int { configuration.latent + detailCount }

  /// Numbers of all ``detailLevels`` together.
  public var detailCount: Int { detailLevels.reduce(0) { $0 + $1.count } }

  /// Whether details stay at their mean in what is drawn, unless a request says otherwise: where training has left them there
  /// often enough (``ConvolutionConfiguration/levelDropout``), such pictures are of one piece.
  public var leavesDetailsAtMean: Bool {
    detailCount > 0 && configuration.convolution.levelDropout > 0
  }

  /// The condition's fields.
  public var givenInputs: [FieldInput] { inputs.filter(\.isGiven) }

  /// The observation's fields.
  public var generatedInputs: [FieldInput] { inputs.filter { !$0.isGiven } }

  /// The fields that the condition consists of.
  public var givenFields: [Field] { givenInputs.map(\.field) }

  /// The fields that the observation consists of.
  public var generatedFields: [Field] { generatedInputs.filter { !$0.isAbsence }.map(\.field) }

  /// Whether any fields of a row may be given, the others being generated.
  public var masksRows: Bool { maskedInputs.contains(where: Self.isRowCell) }

  /// The fields that are the cells of a row's mask.
  public var rowFields: [Field] { maskedInputs.filter(Self.isRowCell).map(\.field) }

  private static func isRowCell(_ input: FieldInput) -> Bool {
    !input.isAbsence && !input.field.kind.content.isMaskedByCell
  }

  /// The inputs that programs that score records read of masked and partial fields, beside their values.
  var placeInputs: [FieldInput] { Self.placeInputs(inputs, masked: maskedInputs) }

  /// The inputs from which the columns of a row see others before them, beside the inputs that all programs read.
  var chainInputs: [FieldInput] {
    decoder.chain?.columns.map(\.value).filter { $0.part == .seen } ?? []
  }

  private static func placeInputs(_ inputs: [FieldInput], masked: [FieldInput]) -> [FieldInput] {
    masked.flatMap { input in
      if input.features.isIndex { return [input.known] }
      return input.isText ? [input.known, input.mask] : [input.mask]
    }
      + inputs.filter { $0.isPartial && !$0.features.isIndex && !$0.isText }.map(\.target)
  }

  /// The inputs that programs that generate records read of masked fields.
  var partialConditions: [FieldInput] {
    maskedInputs.flatMap { input in
      input.features.isIndex ? [input.known] : [input.isText ? input.known : input, input.mask]
    }
  }

  /// The most tokens of each text.
  public var longestTexts: TextSteps {
    let texts = inputs.compactMap { input in
      input.field.textKind.map { (input.field.name, $0.longest) }
    }
    return TextSteps(Dictionary(texts) { first, _ in first })
  }

  /// Images whose grey pixels are drawn anew as black or white at every use.
  public var binarizedInputs: [FieldInput] {
    generatedInputs.filter { !$0.isAbsence && configuration.binarizes($0.field) }
  }

  /// The Gaussians' log σ that the trainer computes from the training split and stores.
  public var fittedDeviations: [FittedDeviation] {
    decoder.heads.compactMap { head in
      guard let gaussian = head.likelihood as? GaussianLikelihood, gaussian.source == .optimal
      else { return nil }
      return FittedDeviation(input: head.input, parameter: gaussian.logDeviation)
    }
  }

  /// What a generated field's distribution is.
  public func prediction(of field: Field) -> PredictedDistribution? {
    switch decoder.heads.first(where: { $0.input.name == field.name })?.likelihood {
    case let gaussian as GaussianLikelihood: .gaussian(logDeviation: gaussian.logDeviation.name)
    case is MixtureLikelihood: .mixture(components: MixtureLikelihood.components)
    default: nil
    }
  }

  /// The parameters that gradients change: all but ``fittedDeviations`` and the tables of ``exclusions``.
  public var trainedParameters: [Parameter] {
    let fitted = Set(fittedDeviations.map(\.parameter) + exclusions.map(\.table))
    return store.parameters.filter { !fitted.contains($0) }
  }
}

/// The uses of a variable's random numbers.
public enum FieldUse: String, CaseIterable, Sendable {
  /// Drawing its value.
  case generated
  /// Choosing the cells that are given.
  case mask
  /// Hiding it as a condition.
  case conditionDropout
  /// Drawing it as a condition that is unknown.
  case condition
  /// Drawing grey values as black and white.
  case binarize
}

/// What a column's prediction means.
public enum PredictedDistribution: Hashable, Sendable {
  /// Means `[batch, columns]`; the log σ of all records is the parameter of that name.
  case gaussian(logDeviation: String)
  /// All components' shares, then their means, then their deviations, `[batch, 3 · columns · components]`,
  /// in each part a column's components side by side.
  case mixture(components: Int)
}
