import CVAEModels
import Foundation
import RecordTypes
import Testing

@Suite struct ConfigurationTests {
  private func decode(_ json: String) throws -> ModelConfiguration {
    try JSONDecoder().decode(ModelConfiguration.self, from: Data(json.utf8))
  }

  private func sentence(
    _ configuration: ModelConfiguration, _ fields: [Field] = [Tiny.image, Tiny.label],
    given: [String] = ["label"]
  ) throws -> String {
    let schema = try RecordSchema(fields: fields)
    let error = try #require(throws: (any Error).self) {
      try configuration.validate(schema: schema, roles: Roles(given: given, schema: schema))
    }
    return "\(error)"
  }

  @Test func everyKeyHasItsDefault() throws {
    let configuration = try decode("{}")
    #expect(configuration == ModelConfiguration())
    #expect(configuration.latent == 20)
    #expect(configuration.recognition.hidden == [512, 256])
    #expect(configuration.recognition.seesCondition)
    #expect(configuration.prior.kind == .learned)
    #expect(configuration.prior.hidden == [128])
    #expect(configuration.decoder.hidden == [256, 512])
    #expect(configuration.activation == .relu)
    #expect(configuration.gaussianDeviation == .optimal)
    #expect(!configuration.binarize)
  }

  @Test func readsEveryKey() throws {
    let configuration = try decode(
      """
      {"architecture": "mlp", "latent": 3, "recognition": {"hidden": [], "seesCondition": false},
       "prior": {"kind": "affine-sigmoid", "hidden": [4]}, "decoder": {"hidden": [5, 6]},
       "activation": "leaky-relu", "likelihood": {"image": "gaussian"},
       "gaussianDeviation": "learned", "binarize": true}
      """)
    #expect(configuration.latent == 3)
    #expect(configuration.recognition.hidden.isEmpty)
    #expect(!configuration.recognition.seesCondition)
    #expect(configuration.prior.kind == .affineSigmoid)
    #expect(configuration.prior.hidden == [4])
    #expect(configuration.decoder.hidden == [5, 6])
    #expect(configuration.activation == .leakyRelu)
    #expect(configuration.likelihood == ["image": .gaussian])
    #expect(configuration.gaussianDeviation == .learned)
    #expect(configuration.binarize)
    let again = try JSONDecoder().decode(
      ModelConfiguration.self, from: JSONEncoder().encode(configuration))
    #expect(again == configuration)
  }

  @Test(arguments: [
    (#"{"latnet": 3}"#, "key of model", "latnet", "latent"),
    (#"{"prior": {"kin": "learned"}}"#, "key of model.prior", "kin", "kind"),
    (#"{"decoder": {"hiden": []}}"#, "key of model.decoder", "hiden", "hidden"),
    (
      #"{"recognition": {"seesLabel": true}}"#, "key of model.recognition", "seesLabel",
      "seesCondition"
    ),
    (#"{"prior": {"kind": "lerned"}}"#, "value of model.prior.kind", "lerned", "learned"),
    (#"{"activation": "rely"}"#, "value of model.activation", "rely", "relu"),
    (
      #"{"likelihood": {"image": "gausian"}}"#, "value of model.likelihood.image", "gausian",
      "gaussian"
    ),
  ])
  func unknownWordsNameTheKnownOnes(
    json: String, kind: String, name: String, known: String
  ) throws {
    let error = try #require(throws: UnknownName.self) { try decode(json) }
    #expect(error.kind == kind)
    #expect(error.name == name)
    #expect(error.known.contains(known))
  }

  @Test func sizesAreAtLeastOne() throws {
    #expect(
      try sentence(Tiny.configuration(latent: 0))
        == "model.latent: expected at least 1 dimension, got 0.")
    #expect(
      try sentence(Tiny.configuration { $0.decoder.hidden = [4, 0] })
        == "model.decoder.hidden: expected widths of at least 1, got [4, 0]; "
        + "write [] for no hidden layer.")
    #expect(try sentence(Tiny.configuration { $0.prior.hidden = [-1] }).contains("model.prior"))
    #expect(
      try sentence(Tiny.configuration { $0.recognition.hidden = [0] })
        .contains("model.recognition"))
  }

  /// Nothing is allocated, and nothing overflows, where a file asks for absurd networks.
  @Test(arguments: [1_000_001, 1 << 40, 1 << 62, Int.max])
  func sizesHaveAnEnd(size: Int) throws {
    #expect(
      try sentence(Tiny.configuration(latent: size))
        == "model.latent: expected at most 1000000 dimensions, got \(size).")
    #expect(
      try sentence(Tiny.configuration { $0.decoder.hidden = [4, size] })
        == "model.decoder.hidden: expected widths of at most 1000000, got [4, \(size)].")
    for change: (inout ModelConfiguration) -> Void in [
      { $0.recognition.hidden = [size] }, { $0.prior.hidden = [size] },
      { $0.decoder.columns = [size] }, { $0.adversary.hidden = [size] },
      { $0.convolution.dense = [size] }, { $0.convolution.widths = [size] },
    ] {
      #expect(try sentence(Tiny.configuration(change)).contains("at most 1000000, got [\(size)]"))
    }
  }

  @Test func parametersHaveAnEnd() throws {
    let error = try #require(throws: ConfigurationError.self) {
      try Tiny.model(
        [Tiny.image, Tiny.label], given: ["label"],
        Tiny.configuration { $0.decoder.hidden = [1_000_000, 1_000_000] })
    }
    #expect(
      "\(error)" == "model: expected at most 1000000000 parameters, got more, with "
        + "'decoder.hidden1.weight' of [1000000, 1000000]; lower the widths.")
  }

  @Test func likelihoodsFitTheirFields() throws {
    #expect(
      try sentence(Tiny.configuration { $0.likelihood = ["label": .categorical] })
        == "model.likelihood.label: expected a generated field, got the given field 'label'; "
        + "leave this entry out.")
    #expect(
      try sentence(Tiny.configuration { $0.likelihood = ["image": .categorical] })
        == "model.likelihood.image: expected bernoulli or gaussian or discretized-logistic "
        + "for an image of 2 × 2 × 1, got categorical.")
    #expect(
      try sentence(
        Tiny.configuration { $0.likelihood = ["label": .bernoulli] }, given: ["image"])
        == "model.likelihood.label: expected categorical for a category of 3 levels, got bernoulli."
    )
    #expect(
      try sentence(
        Tiny.configuration { $0.likelihood = ["size": .bernoulli] }, [Tiny.number, Tiny.label])
        == "model.likelihood.size: expected gaussian or mixture for a number, got bernoulli.")
    #expect(
      try sentence(
        Tiny.configuration { $0.likelihood = ["row": .bernoulli] }, [Tiny.vector, Tiny.label])
        == "model.likelihood.row: expected gaussian or mixture for a vector of 3 numbers, "
        + "got bernoulli.")
    #expect(
      try sentence(Tiny.configuration { $0.likelihood = ["imge": .bernoulli] })
        .contains("No field is named 'imge'; the nearest is 'image'"))
  }

  @Test func onlyBernoulliImagesAreBinarized() throws {
    #expect(
      try sentence(
        Tiny.configuration {
          $0.binarize = true
          $0.likelihood = ["image": .gaussian]
        })
        == "model.binarize: expected a generated image with a bernoulli likelihood, "
        + "got the generated fields image; set model.binarize to false.")
  }

  @Test func theModelItselfRefuses() {
    #expect(throws: ConfigurationError.self) {
      try Tiny.model([Tiny.image, Tiny.label], given: ["label"], Tiny.configuration(latent: 0))
    }
  }
}
