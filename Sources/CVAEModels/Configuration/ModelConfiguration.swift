public import RecordTypes

/// The shape of a model: the `model:` part of a configuration. Every key has a default.
public struct ModelConfiguration: Encodable, Hashable, Sendable {
  /// How the networks are built; nil: chosen from the fields, see
  /// ``ModelConfiguration/architecture(schema:roles:)``.
  public var architecture: Architecture?
  /// A category: records of one level share z, such as the glyphs of a typeface. Nil: each record has
  /// its own.
  public var group: String?
  /// The number of latent dimensions.
  public var latent = 20
  /// The recognition network q(z | x, y).
  public var recognition = RecognitionConfiguration()
  /// The prior p(z | y).
  public var prior = PriorConfiguration()
  /// The decoder p(x | z, y).
  public var decoder = DecoderConfiguration()
  /// The convolutional networks.
  public var convolution = ConvolutionConfiguration()
  /// What reads and writes texts.
  public var text = TextConfiguration()
  /// What is done to pictures while training.
  public var augmentation = AugmentationConfiguration()
  /// The adversary, which presses the style u to be independent of the condition.
  public var adversary = AdversaryConfiguration()
  /// The activation between the layers of all three networks.
  public var activation = Activation.relu
  /// Likelihoods by field; a generated field without an entry has the likelihood of its kind, see
  /// ``likelihoodKind(of:)``.
  public var likelihood: [String: LikelihoodKind] = [:]
  /// Where the standard deviation of Gaussian likelihoods comes from.
  public var gaussianDeviation = GaussianDeviation.optimal
  /// The discretised logistic likelihood of images.
  public var logistic = LogisticConfiguration()
  /// Whether images under a Bernoulli likelihood are drawn as black and white at every use.
  public var binarize = false
  /// Two or three fields each, the last of which is decided by those before it: only combinations that occur are
  /// drawn. Nil: those that training finds in a table.
  public var combinations: [[String]]?
  /// How many numbers stand for each level of a field with at least ``manyLevels`` in the layers that read it; nil: as
  /// many as the layer has outputs.
  public var embedding: Int?

  /// From so many levels on, levels share an ``embedding``.
  public static let manyLevels = 64

  /// The default model.
  public init() {}

  /// The likelihood of a generated field: its entry, or else the usual one of its kind: Bernoulli for an image,
  /// Gaussian for numbers and vectors, categorical for categories.
  public func likelihoodKind(of field: Field) -> LikelihoodKind {
    likelihood[field.name] ?? field.module.likelihoods[0]
  }

  /// The default likelihood of a field in the rows of a table; nil where that is the usual one of its kind.
  public func rowLikelihood(of field: Field) -> LikelihoodKind? {
    let own = field.module.rowLikelihood
    return own == field.module.likelihoods[0] ? nil : own
  }

  /// The given fields that the prior sees.
  func priorFields(_ given: [FieldInput]) -> [FieldInput] {
    if let names = prior.fields.map({ Set($0) }) {
      return given.filter { names.contains($0.field.name) }
    }
    return group == nil ? given : []
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case architecture, group, latent, recognition, prior, decoder, convolution, text, adversary
    case augmentation
    case activation, likelihood, gaussianDeviation, logistic, binarize, combinations, embedding
  }
}

/// How the networks are built.
public enum Architecture: String, Codable, CaseIterable, Sendable {
  /// Dense layers.
  case mlp
  /// Convolutions in residual blocks, for pictures of 16 to 128 pixels.
  case convolutional
}

/// Where a prior gets its mean and variance from.
public enum PriorKind: String, Codable, CaseIterable, Sendable {
  /// A Gaussian whose mean and log-variance a network computes from y.
  case learned
  /// N(0, I), which leaves y to the decoder.
  case standard
  /// Mean sigmoid(W y + b), unit variance.
  case affineSigmoid = "affine-sigmoid"
}

/// A generated field's distribution, by the word that stands for it in files.
public struct LikelihoodKind: RawRepresentable, Hashable, Sendable {
  /// The word.
  public let rawValue: String

  /// The likelihood of that word, which a field's kind must know.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Values in [0, 1]; on grey values a score, not a density.
  public static let bernoulli = LikelihoodKind(rawValue: "bernoulli")
  /// Real values with one standard deviation for all of a field's columns.
  public static let gaussian = LikelihoodKind(rawValue: "gaussian")
  /// Real values, each under a mixture of eight Gaussians whose shares, means and deviations the decoder gives:
  /// the default for numbers of tables.
  public static let mixture = LikelihoodKind(rawValue: "mixture")
  /// One of a list of levels.
  public static let categorical = LikelihoodKind(rawValue: "categorical")
  /// A text's tokens one after the other.
  public static let tokens = LikelihoodKind(rawValue: "tokens")
  /// The 256 grey values of an image's numbers, each with a mean and a scale of its own.
  public static let discretizedLogistic = LikelihoodKind(rawValue: "discretized-logistic")
}

extension LikelihoodKind: CaseIterable {
  /// All words that a configuration may use.
  public static let allCases: [LikelihoodKind] = [
    .bernoulli, .gaussian, .mixture, .categorical, .discretizedLogistic, .tokens,
  ]
}

/// As JSON, the word.
extension LikelihoodKind: Codable {}

/// Where the standard deviation of Gaussian likelihoods comes from.
public enum GaussianDeviation: String, Codable, CaseIterable, Sendable {
  /// A parameter, trained by gradient.
  case learned
  /// Its maximum-likelihood value: of the batch while training, of the training split afterwards.
  ///
  /// - Source: Rybkin et al., *Simple and Effective VAE Training with Calibrated Decoders*, 2021.
  case optimal
}

/// The `logistic:` part: the discretised logistic likelihood of images.
public struct LogisticConfiguration: Encodable, Hashable, Sendable {
  /// Whether the mean of a colour's number leans on the numbers of the same pixel before it: green on red, blue on both.
  public var leaning = false
  /// The least scale, in grey values; 0 for that of the operation, e⁻⁷ of the range.
  public var leastScale = 0.0

  /// Channels apart, and the least scale of the operation.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable { case leaning, leastScale }
}

/// The `recognition:` part.
public struct RecognitionConfiguration: Encodable, Hashable, Sendable {
  /// Widths of the hidden layers, from x to z.
  public var hidden = [512, 256]
  /// Whether y is an input: q(z | x, y) rather than q(z | x).
  public var seesCondition = true

  /// The default network.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable { case hidden, seesCondition }
}

/// The `prior:` part.
public struct PriorConfiguration: Encodable, Hashable, Sendable {
  /// Where mean and variance come from.
  public var kind = PriorKind.learned
  /// Widths of a learned prior's hidden layers.
  public var hidden = [128]
  /// Couplings of a flow that gives the style a distribution of its own instead of N(0, I); 0 for none.
  public var flow = 0
  /// The given fields that the prior sees; nil for all, or none where records of a group share z. There,
  /// they must be the same throughout a group.
  public var fields: [String]?

  /// The default prior.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable { case kind, hidden, flow, fields }
}

/// The `decoder:` part.
public struct DecoderConfiguration: Encodable, Hashable, Sendable {
  /// Widths of the hidden layers, from z to x.
  public var hidden = [256, 512]
  /// For rows whose columns are drawn one after the other: the width of the state that they share, then the
  /// widths of each column's own hidden layers. Empty: all fields are drawn at once. Nil: the trainer chooses.
  public var columns: [Int]?
  /// The share of rows in which, while training, columns know of each other only through z, so that z
  /// learns to carry something.
  public var columnDropout = 0.3

  /// The default network.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable { case hidden, columns, columnDropout }
}

/// The `adversary:` part: a network that is trained beside the others and reads the condition from the
/// style u, while they learn to leave nothing there to read.
public struct AdversaryConfiguration: Encodable, Hashable, Sendable {
  /// How many nats of the bound to give up for each nat of the condition that u reveals; 0 for no adversary.
  public var weight = 0.0
  /// Widths of its hidden layers.
  public var hidden = [256, 256]

  /// No adversary.
  public init() {}

  enum CodingKeys: String, CodingKey, CaseIterable { case weight, hidden }
}
