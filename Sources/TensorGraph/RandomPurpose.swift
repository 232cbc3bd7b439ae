/// What random numbers are for. Each purpose has a stream of its own.
///
/// A label in the source is a purpose: `graph.normal("latent", …)`. Purposes whose labels hold names
/// that users choose come from one ``RandomPurposes``, since two labels in 4 billion share a stream.
public struct RandomPurpose: Hashable, Sendable, ExpressibleByStringInterpolation {
  /// The number that goes into Philox's counter.
  public let stream: UInt32
  /// The purpose in words.
  public let label: String

  /// A purpose named in words, such as `"latent"`: 32-bit FNV-1a of its UTF-8 bytes.
  public init(_ label: String) { self.init(label, hashed: label) }

  /// A purpose from a label in the source.
  public init(stringLiteral label: String) { self.init(label) }

  fileprivate init(_ label: String, hashed text: String) {
    var hash: UInt32 = 2_166_136_261
    for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    stream = hash
    self.label = label
  }
}

/// Purposes of which no two share a stream.
///
/// A label whose stream is taken gets the stream of the label followed by a counter, so the order of the labels
/// decides which one changes: hand out all purposes of a model in one place, in a fixed order.
public struct RandomPurposes: Sendable {
  private var purposes: [String: RandomPurpose] = [:]
  private var streams: Set<UInt32> = []

  /// No purposes yet.
  public init() {}

  /// The purpose of a label: the same for the same label, and ``RandomPurpose/init(_:)`` of it unless an
  /// earlier label has that stream.
  public mutating func callAsFunction(_ label: String) -> RandomPurpose {
    if let known = purposes[label] { return known }
    var purpose = RandomPurpose(label)
    var attempt = 1
    while !streams.insert(purpose.stream).inserted {
      purpose = RandomPurpose(label, hashed: "\(label) \(attempt)")
      attempt += 1
    }
    purposes[label] = purpose
    return purpose
  }
}

extension Graph {
  /// Traps where two purposes share a stream, which would make their numbers equal.
  func checkPurposes() {
    var labels: [UInt32: String] = [:]
    for purpose in entries.compactMap(\.operation.randomPurpose) {
      let other = labels.updateValue(purpose.label, forKey: purpose.stream)
      precondition(
        other == nil || other == purpose.label,
        "The random purposes \"\(other ?? "")\" and \"\(purpose.label)\" share a stream; take both "
          + "from one RandomPurposes.")
    }
  }
}

extension Operation {
  /// What a random operation draws for; nil for all others.
  var randomPurpose: RandomPurpose? {
    switch self {
    case .normal(let purpose), .uniform(let purpose), .dropoutMask(let purpose, _),
      .bernoulliSample(let purpose), .categoricalSample(let purpose),
      .gaussianMixtureSample(let purpose):
      purpose
    case .input, .indexInput, .parameter, .constant, .unary, .unaryGradient, .binary, .broadcast,
      .stopGradient, .acrossRanks, .matmul, .convolution, .transposedConvolution,
      .convolutionWeightGradient,
      .upsample, .bilinearGradient, .averagePool, .modulate, .scaleChannels, .pixelProduct,
      .reshape, .transpose, .concatenate, .slice, .pad, .sum, .maximum, .gather, .jointIndex,
      .scatterAdd, .lstm, .lstmTrace, .lstmGradient,
      .recordProduct, .maskedSoftmax, .matchingSum, .matchingSumGradient, .levelSums, .softmax,
      .logSoftmax, .normalizeRows, .normalizeRowsGradient, .bernoulliLogLikelihood,
      .bernoulliLogLikelihoodGradient, .gaussianLogLikelihood, .categoricalLogLikelihood,
      .categoricalLogLikelihoodGradient, .discretizedLogisticLogLikelihood,
      .discretizedLogisticLogLikelihoodGradient, .gaussianMixtureLogLikelihood,
      .gaussianMixtureLogLikelihoodGradient, .gaussianDivergence:
      nil
    }
  }
}
