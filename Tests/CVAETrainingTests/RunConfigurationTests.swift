import CVAEModels
import Foundation
import RecordTypes
import Testing

@testable import CVAETraining

@Suite struct RunConfigurationTests {
  private let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Examples/configurations").path

  @Test func defaultFileEqualsTheDefaults() throws {
    let file = try RunConfiguration.load("\(examples)/default.yaml")
    #expect(file == RunConfiguration())
    #expect(try RunConfiguration.decode(yaml: "") == RunConfiguration())
  }

  @Test func defaultFileNamesEverySetting() throws {
    let text = try String(contentsOfFile: "\(examples)/default.yaml", encoding: .utf8)
    for key in TrainingConfiguration.CodingKeys.allCases {
      #expect(
        text.contains("\n  \(key.stringValue):") || text.contains("\n  # \(key.stringValue):"))
    }
  }

  @Test func simplestFileIsAsTheSimplestModelNeedsIt() throws {
    let file = try RunConfiguration.load("\(examples)/simplest.yaml")
    #expect(file.given == ["label"])
    #expect(file.model.latent == 128)
    #expect(file.model.recognition.hidden.isEmpty && file.model.decoder.hidden.isEmpty)
    #expect(file.model.prior.kind == .affineSigmoid)
    #expect(file.training == TrainingConfiguration())
  }

  /// Colour has a density, large pictures no grid, few pictures many small steps; the rest stays.
  @Test func picturesDecideTheirSettings() throws {
    func settings(
      _ size: ImageSize, of records: Int, epochs: Int? = nil, given: [String] = ["label"]
    ) throws -> RunConfiguration {
      let schema = try RecordSchema(fields: [
        Field(name: "photo", kind: .image(size)),
        Field(name: "label", kind: .category(levels: ["a", "b"])),
      ])
      var settings = RunConfiguration()
      settings.given = given
      settings.setPictures(schema, of: records, epochs: epochs)
      return settings
    }
    let grey = ImageSize(height: 28, width: 28, channels: 1)
    var usual = RunConfiguration()
    usual.given = ["label"]
    #expect(try settings(grey, of: 60_000) == usual)
    let few = try settings(grey, of: 1000)
    #expect(few.training.batch == 32 && few.training.epochs == 240 && few.model == usual.model)
    #expect(few.training.earlyStopping != nil)
    let asked = try settings(grey, of: 1000, epochs: 3)
    #expect(asked.training.epochs == 3 && asked.training.earlyStopping == nil)
    let colour = try settings(ImageSize(height: 32, width: 32, channels: 3), of: 60_000)
    #expect(colour.model.likelihood == ["photo": .discretizedLogistic])
    #expect(colour.model.logistic.leaning && !colour.model.convolution.smooth)
    #expect(
      colour.model.convolution.levels.map { [$0.extent, $0.channels] } == [[4, 16], [8, 16]])
    #expect(colour.model.convolution.widths == [16, 32, 32, 48])
    #expect(colour.model.convolution.levelDropout == 0.3 && colour.model.latent == 48)
    #expect(colour.training.freeBitsUntil == 2 && !colour.model.augmentation.isOn)
    let emoji = try settings(ImageSize(height: 64, width: 64, channels: 3), of: 1000, epochs: 50)
    #expect(
      emoji.model.convolution.levels.map { [$0.extent, $0.channels] }
        == [[4, 16], [8, 16], [16, 12]])
    #expect(emoji.model.augmentation.flip && emoji.training.freeBitsUntil == 10)
    // Every size that convolutions are made for has scales of those extents.
    for (height, width) in [(16, 16), (17, 40), (100, 75), (128, 128), (33, 127)] {
      let size = ImageSize(height: height, width: width, channels: 3)
      let own = try settings(size, of: 1000)
      let schema = try RecordSchema(fields: [
        Field(name: "photo", kind: .image(size)),
        Field(name: "label", kind: .category(levels: ["a", "b"])),
      ])
      let model = try ConditionalVAE(
        schema: schema, roles: Roles.named(["label"], schema: schema), configuration: own.model,
        acceptsMissing: false, seed: 1)
      #expect(!model.detailLevels.isEmpty, "\(size)")
      #expect(model.detailLevels.count == own.model.convolution.levels.count, "\(size)")
    }
    let large = try settings(ImageSize(height: 20, width: 40, channels: 1), of: 60_000)
    #expect(large.model.convolution.smooth && large.model.likelihood.isEmpty)
    #expect(large.model.convolution.levels.map(\.extent) == [5, 10])
    // Pictures of several sizes have dense networks, and so no levels of details.
    let sizes = try RecordSchema(fields: [
      Field(name: "photo", kind: .image(ImageSize(height: 64, width: 64, channels: 3))),
      Field(name: "sketch", kind: .image(ImageSize(height: 32, width: 32, channels: 3))),
      Field(name: "label", kind: .category(levels: ["a", "b"])),
    ])
    var several = RunConfiguration()
    several.given = ["label"]
    several.setPictures(sizes, of: 1000)
    #expect(several.model.convolution.levels.isEmpty && several.model.latent == 64)
    try several.model.validate(schema: sizes, roles: Roles.named(["label"], schema: sizes))
    // A given picture has no likelihood.
    let given = try settings(
      ImageSize(height: 64, width: 64, channels: 3), of: 100, given: ["photo"])
    #expect(given.model == usual.model)
  }

  /// Nothing is free any more from the epoch on that says so.
  @Test func freeNatsEnd() {
    var training = TrainingConfiguration()
    training.freeBits = 0.2
    #expect(training.freeBits(inEpoch: 1000) == 0.2)
    training.freeBitsUntil = 38
    #expect(training.freeBits(inEpoch: 37) == 0.2 && training.freeBits(inEpoch: 38) == 0)
  }

  @Test func everySettingIsRead() throws {
    let read = try RunConfiguration.decode(yaml: Self.everything)
    #expect(read.given == ["label", "age"])
    #expect(read.training == Self.expected)
    #expect(read.model.latent == 3)
    #expect(try RunConfiguration.decode(yaml: read.encodeYAML()) == read)
  }

  @Test func encodedDefaultsAreReadAgainAndReadable() throws {
    let text = try RunConfiguration().encodeYAML()
    #expect(try RunConfiguration.decode(yaml: text) == RunConfiguration())
    #expect(text.contains("  batch: 128\n"))
    #expect(text.contains("    learningRate: 0.001\n"))
    #expect(text.contains("    hidden: [512, 256]\n"))
  }

  @Test func oneGivenFieldNeedsNoList() throws {
    #expect(try RunConfiguration.decode(yaml: "given: label").given == ["label"])
  }

  @Test func weightDecayDefaultsToTheKindsOwn() throws {
    let adamw = try RunConfiguration.decode(yaml: "training: {optimizer: {kind: adamw}}")
    #expect(adamw.training.optimizer.weightDecay == 0.01)
    #expect(adamw.training.optimizer.rule.decoupled)
    let adam = try RunConfiguration.decode(yaml: "training: {optimizer: {learningRate: 2}}")
    #expect(adam.training.optimizer.weightDecay == 0)
    #expect(!adam.training.optimizer.rule.decoupled)
  }

  @Test(arguments: Self.unreadable)
  func mistakesOfWritingAreNamed(yaml: String, expected: String) {
    let said = sentence { _ = try RunConfiguration.decode(yaml: yaml, source: "run.yaml") }
    #expect(said == "run.yaml: " + expected)
  }

  @Test(.timeLimit(.minutes(1))) func aliasesThatStandForTooMuchAreRefused() {
    let lists = (1...40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1)]\n" }
    let yaml = "a0: &a0 [x]\n" + lists.joined() + "? *a40\n: x\n"
    #expect(
      sentence { _ = try RunConfiguration.decode(yaml: yaml, source: "run.yaml") }
        == "run.yaml: expected aliases that stand for at most 10000000 bytes altogether, got "
        + "more; write lists out instead of naming them with '&' and '*'.")
  }

  @Test func missingFileIsNamed() {
    let said = sentence { _ = try RunConfiguration.load("/nowhere/run.yaml") }
    #expect(said == "/nowhere/run.yaml: no such configuration file; check the path.")
  }

  @Test(arguments: Self.outOfRange)
  func settingsOutOfRangeAreNamed(yaml: String, expected: String) throws {
    let configuration = try RunConfiguration.decode(yaml: "training: {\(yaml)}")
    #expect(sentence { try configuration.validate(source: "run.yaml") } == "run.yaml: " + expected)
  }

  @Test func everyMistakeHasItsSentence() throws {
    let configuration = try RunConfiguration.decode(yaml: "training: {batch: 0, epochs: 0}")
    let said = sentence { try configuration.validate() }
    #expect(
      said == "training.batch must be at least 1, got 0.\n"
        + "training.epochs must be at least 1, got 0.")
  }

  @Test func differencesNameSettingAndBothValues() throws {
    var other = RunConfiguration()
    other.training.batch = 256
    other.training.threads = 2
    let found = try RunConfiguration().differences(from: other)
    #expect(found.map(\.key) == ["training.batch", "training.threads"])
    #expect(found.map(\.own) == ["128", nil])
    #expect(found.map(\.other) == ["256", "2"])
    #expect(try other.differences(from: other).isEmpty)
  }
}

extension RunConfigurationTests {
  static let everything = """
    given: [label, age]
    model: {latent: 3, likelihood: {image: gaussian, b: bernoulli}}
    training:
      batch: 7
      epochs: 2
      optimizer:
        {kind: adamw, learningRate: 0.5, beta1: 0.1, beta2: 0.2, epsilon: 1e-3, weightDecay: 0.3}
      schedule: {kind: cosine, warmupSteps: 4, finalShare: 0.25}
      klWeight: {kind: linear, from: 0.5, to: 2, epochs: 3}
      freeBits: 0.1
      freeBitsUntil: 1
      gradientClip: 5
      validation: 0.5
      earlyStopping: {patience: 3}
      conditionDropout: 0.25
      precision: bfloat16
      threads: 2
      seed: 18446744073709551615
      checkpointEvery: 4
    """

  static var expected: TrainingConfiguration {
    var expected = TrainingConfiguration()
    expected.batch = 7
    expected.epochs = 2
    expected.optimizer.kind = .adamw
    expected.optimizer.learningRate = 0.5
    expected.optimizer.beta1 = 0.1
    expected.optimizer.beta2 = 0.2
    expected.optimizer.epsilon = 1e-3
    expected.optimizer.weightDecay = 0.3
    expected.schedule = LearningRateSchedule(kind: .cosine, warmupSteps: 4, finalShare: 0.25)
    expected.klWeight = .linear(from: 0.5, to: 2, epochs: 3)
    expected.freeBits = 0.1
    expected.freeBitsUntil = 1
    expected.gradientClip = 5
    expected.validation = 0.5
    expected.earlyStopping = EarlyStopping(patience: 3)
    expected.conditionDropout = 0.25
    expected.precision = .bfloat16
    expected.threads = 2
    expected.seed = .max
    expected.checkpointEvery = 4
    return expected
  }

  static let unreadable = [
    (
      "training: {optimiser: {}}",
      "No key of training is named 'optimiser'; the nearest is 'optimizer'; there are 20."
    ),
    (
      "trainnig: {}",
      "No key of configuration is named 'trainnig'; the nearest is 'training'; "
        + "known: 'given', 'ignore', 'model', 'training'."
    ),
    (
      "training: {klWeight: {kind: constant, from: 0}}",
      "No key of training.klWeight of kind constant is named 'from'; known: 'kind', 'value'."
    ),
    (
      "training: {schedule: {finalShare: 0.1}}",
      "No key of training.schedule of kind constant is named 'finalShare'; "
        + "known: 'kind', 'warmupSteps'."
    ),
    (
      "training: {optimizer: {kind: adan}}",
      "No value of training.optimizer.kind is named 'adan'; the nearest is 'adam'; "
        + "known: 'adam', 'adamw'."
    ),
    (
      "training:\n  batch: many",
      "line 2: training.batch: expected a whole number, got 'many'."
    ),
    (
      "training:\n  validation: [1]",
      "line 2: training.validation: expected a single value, got a list."
    ),
    ("training: 3", "line 1: training: expected keys with values, got '3'."),
    (
      "training: {seed: -1}",
      "line 1: training.seed: expected a whole number, 0 or above, got '-1'."
    ),
    (
      "training: {klWeight: {kind: linear}}",
      "line 1: training.klWeight: expected the key 'epochs', got none."
    ),
    (
      "training: {earlyStopping: {}}",
      "line 1: training.earlyStopping: expected the key 'patience', got none."
    ),
    ("given: [label", "line 2: expected YAML, but did not find expected ',' or ']'."),
    (
      "given: [a]\ngiven: [b]",
      "line 1: expected each key once, got 'given' more than once."
    ),
  ]

  static let outOfRange = [
    ("batch: 0", "training.batch must be at least 1, got 0."),
    ("epochs: -2", "training.epochs must be at least 1, got -2."),
    (
      "epochs: 9223372036854775807",
      "training.epochs must be at most 1000000000, got 9223372036854775807."
    ),
    (
      "batch: 9223372036854775807",
      "training.batch must be at most 1000000000, got 9223372036854775807."
    ),
    ("threads: 9999", "training.threads must be at most 1024, got 9999."),
    ("groups: {sources: 1001}", "training.groups.sources must be at most 1000, got 1001."),
    ("groups: {targets: 1001}", "training.groups.targets must be at most 1000, got 1001."),
    ("freeBits: 1e300", "training.freeBits must be a number that float32 can hold, got 1e+300."),
    ("optimizer: {learningRate: 0}", "training.optimizer.learningRate must be above 0, got 0.0."),
    (
      "optimizer: {learningRate: .nan}",
      "training.optimizer.learningRate must be above 0, got nan."
    ),
    (
      "optimizer: {learningRate: .inf}",
      "training.optimizer.learningRate must be above 0, got inf."
    ),
    (
      "optimizer: {beta1: 1}",
      "training.optimizer.beta1 must be at least 0 and below 1, got 1.0."
    ),
    (
      "optimizer: {beta2: -1}",
      "training.optimizer.beta2 must be at least 0 and below 1, got -1.0."
    ),
    ("optimizer: {epsilon: 0}", "training.optimizer.epsilon must be above 0, got 0.0."),
    (
      "optimizer: {weightDecay: -1}",
      "training.optimizer.weightDecay must be at least 0, got -1.0."
    ),
    ("schedule: {warmupSteps: -1}", "training.schedule.warmupSteps must be at least 0, got -1."),
    (
      "schedule: {kind: cosine, finalShare: 2}",
      "training.schedule.finalShare must be from 0 to 1, got 2.0."
    ),
    ("klWeight: {value: -1}", "training.klWeight.value must be at least 0, got -1.0."),
    (
      "klWeight: {kind: linear, epochs: 0}",
      "training.klWeight.epochs must be at least 1, got 0."
    ),
    ("freeBitsUntil: 0", "training.freeBitsUntil must be at least 1, got 0."),
    ("freeBits: -1", "training.freeBits must be at least 0, got -1.0."),
    ("gradientClip: 0", "training.gradientClip must be above 0, got 0.0."),
    ("validation: 1", "training.validation must be at least 0 and below 1, got 1.0."),
    (
      "earlyStopping: {patience: 0}",
      "training.earlyStopping.patience must be at least 1, got 0."
    ),
    (
      "earlyStopping: {patience: 2}, validation: 0",
      "early stopping needs a validation split; set training.validation above 0, "
        + "or leave training.earlyStopping out."
    ),
    (
      "conditionDropout: 1",
      "training.conditionDropout must be at least 0 and below 1, got 1.0."
    ),
    ("threads: 0", "training.threads must be at least 1, got 0."),
    ("checkpointEvery: 0", "training.checkpointEvery must be at least 1, got 0."),
  ]
}
