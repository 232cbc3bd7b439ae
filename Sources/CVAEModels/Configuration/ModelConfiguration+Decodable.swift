extension ModelConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  ///
  /// - Throws: ``RecordTypes/UnknownName`` for an unknown key or word, naming the nearest.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let found = try StrictDecoding(decoder, keys: CodingKeys.self, path: "model")
    architecture = try found.choice(.architecture)
    group = try found.value(.group, else: group)
    latent = try found.value(.latent, else: latent)
    recognition = try found.value(.recognition, else: recognition)
    prior = try found.value(.prior, else: prior)
    self.decoder = try found.value(.decoder, else: self.decoder)
    convolution = try found.value(.convolution, else: convolution)
    adversary = try found.value(.adversary, else: adversary)
    activation = try found.choice(.activation, else: activation)
    likelihood = try found.choices(.likelihood)
    gaussianDeviation = try found.choice(.gaussianDeviation, else: gaussianDeviation)
    binarize = try found.value(.binarize, else: binarize)
  }
}

extension RecognitionConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let found = try StrictDecoding(decoder, keys: CodingKeys.self, path: "model.recognition")
    hidden = try found.value(.hidden, else: hidden)
    seesCondition = try found.value(.seesCondition, else: seesCondition)
  }
}

extension PriorConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let found = try StrictDecoding(decoder, keys: CodingKeys.self, path: "model.prior")
    kind = try found.choice(.kind, else: kind)
    hidden = try found.value(.hidden, else: hidden)
    fields = try found.value(.fields, else: fields)
  }
}

extension DecoderConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let found = try StrictDecoding(decoder, keys: CodingKeys.self, path: "model.decoder")
    hidden = try found.value(.hidden, else: hidden)
    columns = try found.value(.columns, else: columns)
    columnDropout = try found.value(.columnDropout, else: columnDropout)
  }
}

extension AdversaryConfiguration: Decodable {
  /// Reads what is there; the rest keeps its default.
  public init(from decoder: any Swift.Decoder) throws {
    self.init()
    let found = try StrictDecoding(decoder, keys: CodingKeys.self, path: "model.adversary")
    weight = try found.value(.weight, else: weight)
    hidden = try found.value(.hidden, else: hidden)
  }
}
