import CVAEModels

extension RecordSet {
  fileprivate var prefix: String { self == .own ? "" : "\(rawValue)." }
}

extension FieldInput {
  /// The variable and its part. A name that no slot may share has a % before it.
  fileprivate var testName: String {
    let others = [
      "records", "u", "augmentation", "flowGain", "flow", "detailTemperature", "klWeight",
      "freeBits", "temperature", "complete", "control",
      "sourceMask",
      "groups", "groupShare", "state", "seen", "presence", "mean", "logVariance", "priorMean",
      "priorLogVariance", "loss", "elbo", "logLikelihood", "kl", "logWeight", "prediction",
      "tokenGates",
    ]
    let isLikeOther = name.contains(".") || name.hasPrefix("%") || others.contains(name)
    return (isLikeOther ? "%" : "") + description
  }
}

extension InputSlot {
  /// What tests call the input: `"size"`, `"source.label"`, `"row.missing"`.
  var testName: String {
    switch self {
    case .records(let set): set.prefix + "records"
    case .field(let input, let set): set.prefix + input.testName
    case .unknown(let input, let set): set.prefix + input.testName + ".missing"
    case .before(let input, let set): set.prefix + input.testName + ".before"
    case .lengths(let input, let set): set.prefix + input.testName + ".lengths"
    case .tokenShares(let input, let set): set.prefix + input.testName + ".shares"
    case .memory(let input): input.testName + ".memory"
    case .tokenNumbers(let input): input.testName + ".numbers"
    case .gaussian(let part): part.rawValue
    case .style: "u"
    case .augmentation, .detailTemperature, .klWeight, .freeBits, .temperature, .complete, .control,
      .sourceMask,
      .groups, .groupShare,
      .state,
      .seen, .presence, .tokenGates, .textStart, .textShift:
      "\(self)"
    }
  }
}

extension OutputSlot {
  /// What tests call the output: `"elbo"`, `"logLikelihood.size"`, `"size"`.
  var testName: String {
    switch self {
    case .logLikelihoodOf(let input): "logLikelihood.\(input.testName)"
    case .squaredError(let input): "squaredError.\(input.testName)"
    case .targetCount(let input): "targets.\(input.testName)"
    case .binarized(let input): "binarized.\(input.testName)"
    case .value(let input): input.testName
    case .gaussian(let part): part.rawValue
    case .textStart(let input): "textStart.\(input.testName)"
    case .textShift(let input): "textShift.\(input.testName)"
    case .memory(let input): "memory.\(input.testName)"
    case .klOfDetails(let level): "kl.details\(level.extent)"
    case .details(let part): "details.\(part.rawValue)"
    case .loss, .elbo, .logLikelihood, .kl, .logWeight, .logDetailRatio, .flowGain, .flow,
      .prediction, .state,
      .tokenGates:
      "\(self)"
    }
  }
}
