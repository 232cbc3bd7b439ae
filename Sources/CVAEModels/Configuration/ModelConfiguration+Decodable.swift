import RecordTypes

extension ModelConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  ///
  /// - Throws: ``RecordTypes/UnknownName`` for an unknown key or word, naming the nearest.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let settings = try Settings<CodingKeys>(decoder, of: "model")
    if let text = try settings.container.decodeIfPresent(String.self, forKey: .architecture) {
      architecture = try settings.word(text, .architecture)
    }
    try settings.update(&group, .group)
    try settings.update(&latent, .latent)
    try settings.update(&recognition, .recognition)
    try settings.update(&prior, .prior)
    try settings.update(&self.decoder, .decoder)
    try settings.update(&convolution, .convolution)
    try settings.update(&text, .text)
    try settings.update(&adversary, .adversary)
    try settings.update(&augmentation, .augmentation)
    try settings.update(&activation, .activation)
    var words: [String: String] = [:]
    try settings.update(&words, .likelihood)
    for (name, text) in words.sorted(by: { $0.key < $1.key }) {
      likelihood[name] = try settings.word(text, .likelihood, entry: name)
    }
    try settings.update(&gaussianDeviation, .gaussianDeviation)
    try settings.update(&logistic, .logistic)
    try settings.update(&binarize, .binarize)
    combinations = try settings.container.decodeIfPresent(
      [[String]].self, forKey: .combinations)
    embedding = try settings.container.decodeIfPresent(Int.self, forKey: .embedding)
  }
}

extension LogisticConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let settings = try Settings<CodingKeys>(decoder, of: "model.logistic")
    try settings.update(&leaning, .leaning)
    try settings.update(&leastScale, .leastScale)
  }
}

extension RecognitionConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let settings = try Settings<CodingKeys>(decoder, of: "model.recognition")
    try settings.update(&hidden, .hidden)
    try settings.update(&seesCondition, .seesCondition)
  }
}

extension PriorConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let settings = try Settings<CodingKeys>(decoder, of: "model.prior")
    try settings.update(&kind, .kind)
    try settings.update(&hidden, .hidden)
    try settings.update(&flow, .flow)
    try settings.update(&fields, .fields)
  }
}

extension DecoderConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let settings = try Settings<CodingKeys>(decoder, of: "model.decoder")
    try settings.update(&hidden, .hidden)
    try settings.update(&columns, .columns)
    try settings.update(&columnDropout, .columnDropout)
  }
}

extension AdversaryConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let settings = try Settings<CodingKeys>(decoder, of: "model.adversary")
    try settings.update(&weight, .weight)
    try settings.update(&hidden, .hidden)
  }
}
