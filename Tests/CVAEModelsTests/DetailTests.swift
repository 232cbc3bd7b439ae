import Foundation
import RecordTypes
import TensorGraph
import Testing

@testable import CVAEModels

/// Levels of details.
@Suite struct DetailTests {
  private static let picture = Field(
    name: "image", kind: .image(ImageSize(height: 16, width: 18, channels: 1)))

  private static func model(
    levels: [[Int]] = [[9, 2], [18, 1]], seed: UInt64 = 1, acceptsMissing: Bool = false,
    given: [String] = ["label"], _ change: (inout ModelConfiguration) -> Void = { _ in }
  ) throws -> ConditionalVAE {
    try Tiny.model(
      [picture, Tiny.label], given: given,
      Tiny.configuration {
        $0.architecture = .convolutional
        $0.convolution.widths = [2, 4]
        $0.convolution.blocks = [1, 1]
        $0.convolution.dense = [5]
        $0.convolution.levels = levels.map {
          DetailConfiguration(extent: $0[0], channels: $0[1])
        }
        change(&$0)
      }, acceptsMissing: acceptsMissing, seed: seed)
  }

  private static func normal(
    _ purpose: String, _ parameter: Parameter, seed: UInt64, scale: Double = 1
  ) -> [Double] {
    let position = RandomPosition(seed: seed, step: 3)
    return (0..<parameter.shape.count).map {
      scale * position.normal(RandomPurpose(purpose + parameter.name), record: 0, column: $0)
    }
  }

  /// Numbers that leave nothing at zero, as training does.
  private static func parameters(of model: ConditionalVAE, seed: UInt64) -> [String: [Double]] {
    model.store.parameters.reduce(into: [:]) { values, parameter in
      let scale = 0.5 / Double(parameter.shape.rows).squareRoot()
      values[parameter.name] = normal("value", parameter, seed: seed, scale: scale)
    }
  }

  @Test func aLevelHasNumbersAtEachOfItsPixels() throws {
    let model = try Self.model()
    #expect(model.detailLevels.map(\.extent) == [9, 18])
    #expect(model.detailLevels.map(\.count) == [8 * 9 * 2, 16 * 18])
    #expect(model.styleCount == 2 + 8 * 9 * 2 + 16 * 18)
    let none = try Self.model(levels: [])
    #expect(none.styleCount == 2)
    #expect(!none.store.parameters.contains { $0.name.contains("details") })
  }

  /// Where widths are chosen, there are as many scales as the coarsest level asks for.
  @Test func scalesReachTheCoarsestLevel() throws {
    let model = try Self.model(levels: [[3, 2]]) {
      $0.convolution.widths = nil
      $0.convolution.blocks = nil
    }
    #expect(model.configuration.convolution.widths?.count == 4)
    #expect(model.detailLevels.map(\.height) == [2])
    #expect(model.detailLevels.map(\.width) == [3])
  }

  /// Every parameter's gradient of the loss against central differences, with free nats and without.
  @Test(arguments: [nil, 0.004] as [Double?], [1, 2] as [UInt64])
  func gradientsMatchCentralDifferences(freeBits: Double?, seed: UInt64) throws {
    let model = try Self.model(seed: seed) {
      $0.convolution.levelDropout = seed == 2 ? 0.5 : 0
    }
    var batch = Tiny.batch(of: model, count: 2, seed: seed)
    batch.reals["klWeight"] = [0.7]
    batch.reals["freeBits"] = freeBits.map { [$0] }
    let program = try model.trainingProgram(
      batch: 2, rule: AdamRule(), clipNorm: nil, hasFreeBits: freeBits != nil)
    let values = Self.parameters(of: model, seed: seed)
    #expect(
      try batch.wrongGradients(program, of: model, parameters: values, seed: seed) == [])
  }

  /// In some records the finer levels stay at their mean, from one that is drawn on: they have no divergence, and in evaluation
  /// there are none of them.
  @Test func finerLevelsAreDroppedFirst() throws {
    let model = try Self.model { $0.convolution.levelDropout = 0.6 }
    let count = 24
    var batch = Tiny.batch(of: model, count: count, seed: 4)
    batch.reals["klWeight"] = [1]
    let values = Self.parameters(of: model, seed: 4)
    let trained = try batch.run(
      model.trainingProgram(batch: count, rule: AdamRule(), clipNorm: nil, hasFreeBits: false),
      of: model, parameters: values)
    let coarse = try #require(trained["kl.details9"])
    let fine = try #require(trained["kl.details18"])
    #expect(zip(coarse, fine).contains { $0 > 0 && $1 == 0 })
    #expect(zip(coarse, fine).contains { $0 == 0 && $1 == 0 })
    #expect(!zip(coarse, fine).contains { $0 == 0 && $1 > 0 })
    #expect(fine.contains { $0 > 0 })
    let scored = try batch.run(
      model.evaluationProgram(batch: count), of: model, parameters: values)
    for record in 0..<count where fine[record] > 0 {
      #expect(trained["elbo"]?[record] == scored["elbo"]?[record])
    }
    #expect(scored["kl.details9"]?.allSatisfy { $0 > 0 } == true)
  }

  /// The bound takes each level's divergence off; the loss charges what is beyond the free nats of the whole level.
  @Test func freeNatsCountForALevelAsAWhole() throws {
    let model = try Self.model()
    var batch = Tiny.batch(of: model, count: 2, seed: 4)
    batch.reals["klWeight"] = [1]
    let values = Self.parameters(of: model, seed: 4)
    for free in [0.001, 0.01, 10] {
      batch.reals["freeBits"] = [free]
      let outputs = try batch.run(
        model.trainingProgram(batch: 2, rule: AdamRule(), clipNorm: nil, hasFreeBits: true),
        of: model, parameters: values)
      let kl = try #require(outputs["kl"])
      var charged = 0.0
      for dimension in 0..<2 { charged += max(free, (kl[dimension] + kl[2 + dimension]) / 2) }
      var divergence = [kl[0] + kl[1], kl[2] + kl[3]]
      for level in model.detailLevels {
        let own = try #require(outputs["kl.details\(level.extent)"])
        #expect(own.allSatisfy { $0 > 0 })
        charged += max(free * Double(level.count), (own[0] + own[1]) / 2)
        divergence = zip(divergence, own).map(+)
      }
      let (elbo, scores) = (outputs["elbo"] ?? [], outputs["logLikelihood"] ?? [])
      for record in 0..<2 {
        #expect(abs(elbo[record] - (scores[record] - divergence[record])) < 1e-9)
      }
      let loss = try #require(outputs["loss"]?.first)
      #expect(abs(loss - (charged - (scores[0] + scores[1]) / 2)) < 1e-9, "\(free) free")
    }
  }

  /// E_q[p(u) / q(u)] = 1 and E_q[log q(u) − log p(u)] = KL, for z and all levels together.
  @Test func importanceWeightsAreThoseOfAllLevels() throws {
    let model = try Self.model()
    let count = 2
    var batch = Tiny.batch(of: model, count: count, seed: 9)
    // A q that is near p, so that a few hundred samples tell.
    let values = Dictionary(
      uniqueKeysWithValues: Self.parameters(of: model, seed: 9).map { name, numbers in
        let isPosterior = name.contains("posterior.second") || name.hasPrefix("recognition.output")
        return (name, numbers.map { isPosterior || name.hasPrefix("prior") ? $0 * 0.05 : $0 })
      })
    let recognised = try batch.run(
      model.recognitionProgram(batch: count), of: model, parameters: values)
    for name in ["mean", "logVariance", "priorMean", "priorLogVariance"] {
      batch.reals[name] = recognised[name]
    }
    let program = try model.importanceProgram(batch: count)
    let samples = 150
    var (ratios, gaps): ([Double], [Double]) = ([], [])
    for sample in 0..<samples {
      let outputs = try batch.run(
        program, of: model, parameters: values, at: RandomPosition(seed: 2, step: UInt32(sample)))
      let (own, weight) = (outputs["logDetailRatio"] ?? [], outputs["logWeight"] ?? [])
      let score = outputs["logLikelihood"] ?? []
      for record in 0..<count {
        ratios.append(exp(weight[record] - score[record]))
        let divergence = model.detailLevels.reduce(0.0) {
          $0 + (outputs["kl.details\($1.extent)"]?[record] ?? 0)
        }
        gaps.append(own[record] + divergence)
      }
    }
    for (values, expected) in [(ratios, 1.0), (gaps, 0.0)] {
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      try #require(variance > 1e-4, "\(mean)")
      let error = (variance / Double(values.count)).squareRoot()
      #expect(abs(mean - expected) < 4 * error, "\(mean) ± \(error) against \(expected)")
    }
  }

  /// What was recognised, drawn again under its own condition, is what the decoder makes of the posterior's means; and
  /// every level can be seen in the picture.
  @Test func theStyleOfEveryLevelIsDrawn() throws {
    let model = try Self.model()
    var batch = Tiny.batch(of: model, count: 2, seed: 3)
    let values = Self.parameters(of: model, seed: 3)
    let recognised = try batch.run(
      model.recognitionProgram(batch: 2), of: model, parameters: values)
    let details = try #require(recognised["details.mean"])
    let u = Style.style(
      of: (recognised["mean"] ?? []).map(Float.init),
      priorMean: (recognised["priorMean"] ?? []).map(Float.init),
      priorLogVariance: (recognised["priorLogVariance"] ?? []).map(Float.init))
    func drawn(_ change: (inout [Double]) -> Void = { _ in }) throws -> [Double] {
      var form = DrawingForm()
      form.drawsStyle = false
      var styles: [Double] = []
      for record in 0..<2 {
        var own =
          u[2 * record..<2 * record + 2].map(Double.init)
          + details[model.detailCount * record..<model.detailCount * (record + 1)]
        change(&own)
        styles += own
      }
      batch.reals["u"] = styles
      let outputs = try batch.run(
        model.drawingProgram(batch: 2, form), of: model, parameters: values)
      return try #require(outputs["image"])
    }
    let own = try drawn()
    #expect(try drawn() == own)
    var first = 0
    for count in [2] + model.detailLevels.map(\.count) {
      let other = try drawn { $0[first] += 2 }
      #expect(zip(own, other).contains { abs($0 - $1) > 1e-6 }, "number \(first)")
      first += count
    }
  }

  /// At temperature 0 the levels are at their prior's means, which is style 0.
  @Test func temperatureScalesEveryLevel() throws {
    let model = try Self.model()
    var batch = Tiny.batch(of: model, count: 2, seed: 3)
    let values = Self.parameters(of: model, seed: 3)
    func drawn(_ temperature: Double, details: Double? = nil) throws -> [Double] {
      batch.reals["temperature"] = [temperature]
      batch.reals["detailTemperature"] = [details ?? temperature]
      return try #require(
        batch.run(model.drawingProgram(batch: 2), of: model, parameters: values)["image"])
    }
    var form = DrawingForm()
    form.drawsStyle = false
    batch.reals["u"] = [Double](repeating: 0, count: 2 * model.styleCount)
    let mean = try #require(
      batch.run(model.drawingProgram(batch: 2, form), of: model, parameters: values)["image"])
    #expect(zip(try drawn(0), mean).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(try drawn(0, details: 1) != mean)
    let (upper, all) = (try drawn(1, details: 0), try drawn(1))
    #expect(upper != mean && upper != all)
  }

  /// Members of a group share z and its divergence; their details are their own, and count in full.
  @Test func membersOfAGroupHaveTheirOwnDetails() throws {
    let model = try Self.model { $0.group = "face" }
    let batch = Tiny.groupBatch(of: model, seed: 5)
    let outputs = try batch.run(
      model.groupEvaluationProgram(GroupTests.shape), of: model,
      parameters: Self.parameters(of: model, seed: 5))
    let (kl, elbo) = (outputs["kl"] ?? [], outputs["elbo"] ?? [])
    for target in 0..<4 {
      var divergence = kl[2 * target] + kl[2 * target + 1]
      for level in model.detailLevels {
        divergence += outputs["kl.details\(level.extent)"]?[target] ?? 0
      }
      let score = outputs["logLikelihood"]?[target] ?? 0
      #expect(abs(elbo[target] - (score - divergence)) < 1e-9)
    }
    #expect(kl[0] == kl[2])
    #expect(outputs["kl.details9"]?[0] != outputs["kl.details9"]?[1])
  }

  @Test func whatDoesNotFitIsRefused() throws {
    func sentence(_ levels: [[Int]]) -> String {
      do {
        _ = try Self.model(levels: levels)
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      sentence([[7, 2]])
        == "model.convolution.levels: expected extents out of [9, 18], which the scales of these "
        + "pictures have, got 7; choose some of these, the coarsest first.")
    #expect(
      sentence([[9, 0]])
        == "model.convolution.levels: expected 1 to 256 latent numbers at each pixel, got 0.")
    #expect(
      sentence([[18, 1], [9, 2]])
        == "model.convolution.levels: expected the coarsest level first, and one of each extent, "
        + "got [18, 9].")
  }

  /// Settings that would do nothing are refused.
  @Test func unusedSettingsAreRefused() {
    #expect(throws: ConfigurationError.self) {
      try Self.model { $0.architecture = .mlp }
    }
    #expect(throws: ConfigurationError.self) {
      try Self.model(levels: []) { $0.convolution.levelDropout = 0.3 }
    }
    #expect(throws: ConfigurationError.self) {
      try Self.model { $0.augmentation.share = 0.3 }
    }
  }

  @Test func theConfigurationIsPairs() throws {
    var configuration = ConvolutionConfiguration()
    configuration.levels = [DetailConfiguration(extent: 7, channels: 6)]
    let data = try JSONEncoder().encode(configuration)
    #expect(String(decoding: data, as: UTF8.self).contains("\"levels\":[[7,6]]"))
    let read = try JSONDecoder().decode(ConvolutionConfiguration.self, from: data)
    #expect(read == configuration)
    #expect(throws: ConfigurationError.self) {
      try JSONDecoder().decode(
        ConvolutionConfiguration.self, from: Data("{\"levels\": [[7]]}".utf8))
    }
  }
}
