import RecordTypes
import TensorGraph
import Testing

@testable import CVAEModels

/// The convolutional architecture.
@Suite struct ConvolutionalTests {
  private static func picture(_ height: Int, _ width: Int, channels: Int = 1) -> Field {
    Field(
      name: "image", kind: .image(ImageSize(height: height, width: width, channels: channels)))
  }

  private static func configuration(
    _ change: (inout ModelConfiguration) -> Void = { _ in }
  ) -> ModelConfiguration {
    Tiny.configuration {
      $0.architecture = .convolutional
      $0.convolution.widths = [2, 8]
      $0.convolution.blocks = [1, 1]
      $0.convolution.dense = [5]
      change(&$0)
    }
  }

  @Test(arguments: [(16, 16, 1), (17, 19, 3), (33, 128, 1)])
  func anySizeComesBack(height: Int, width: Int, channels: Int) throws {
    let image = Self.picture(height, width, channels: channels)
    let model = try Tiny.model(
      [image, Tiny.label], given: ["label"], ModelConfiguration())
    #expect(model.configuration.architecture == .convolutional, "A chosen one is named too.")
    let chosen = model.configuration.convolution
    #expect(chosen.widths?.count == chosen.blocks?.count && chosen.widths?.isEmpty == false)
    let program = try model.drawingProgram(batch: 2)
    let output = program.port(.value(model.generatedInputs[0]))
    #expect(
      program.program.graph.shape(of: output.node) == [2, height * width * channels])
    let scales = PictureScales(
      ImageSize(height: height, width: width, channels: channels), ConvolutionConfiguration())
    #expect(max(scales.height(0), scales.width(0)) >> (scales.widths.count - 1) <= 8)
    #expect(scales.height(0) - height < scales.multiple)
  }

  @Test func smallPicturesGetDenseLayers() throws {
    let model = try Tiny.model(
      [Tiny.image, Tiny.label], given: ["label"], Tiny.configuration())
    #expect(model.store.parameters.contains { $0.name == "decoder.hidden0.weight" })
  }

  /// Every parameter's gradient against central differences of the loss, along one random direction
  /// for each parameter.
  @Test(arguments: [1, 2] as [UInt64])
  func gradientsMatchCentralDifferences(seed: UInt64) throws {
    let model = try Tiny.model(
      [Self.picture(16, 18), Tiny.label, Tiny.number], given: ["label"], Self.configuration())
    var batch = Tiny.batch(of: model, count: 2, seed: seed)
    batch.reals["klWeight"] = [1]
    let program = try model.trainingProgram(
      batch: 2, rule: AdamRule(), clipNorm: nil, hasFreeBits: false)
    // Zeros at the start would hide what lies behind them.
    var values: [String: [Double]] = [:]
    for parameter in model.store.parameters {
      let scale = 0.5 / Double(parameter.shape.rows).squareRoot()
      values[parameter.name] = Self.normal("value", parameter, seed: seed).map { scale * $0 }
    }
    #expect(
      try batch.wrongGradients(program, of: model, parameters: values, seed: seed) == [])
  }

  /// Without convolutions behind the last up-samplings, the two middle ones of four pixels are the same, whatever is
  /// learned; with them no column stands out.
  @Test(arguments: [false, true]) func smoothPicturesHaveNoGrid(isSmooth: Bool) throws {
    let (side, count) = (40, 2)
    var configuration = ModelConfiguration()
    configuration.latent = 8
    configuration.convolution.smooth = isSmooth
    let model = try Tiny.model(
      [Self.picture(side, side), Tiny.label], given: ["label"], configuration)
    var batch = TinyBatch()
    batch.indices["records"] = (0..<Int32(count)).map { $0 }
    batch.indices["label"] = [Int32](repeating: 1, count: count)
    batch.reals["temperature"] = [1]
    let drawn = try batch.run(model.drawingProgram(batch: count), of: model)
    let pixels = try #require(drawn["image"])
    for period in [2, 4] {
      var sums = [Double](repeating: 0, count: period)
      // Columns near the edge see the padding.
      for row in 0..<count * side {
        for column in 8..<side - 8 {
          let place = row * side + column
          sums[column % period] += abs(pixels[place + 1] - pixels[place])
        }
      }
      let mean = sums.reduce(0, +) / Double(period)
      try #require(mean > 0)
      let ratios = sums.map { $0 / mean }
      let least = try #require(ratios.min())
      if isSmooth {
        #expect(least > 0.5, "every \(period) columns: \(ratios)")
      } else if period == 4 {
        #expect(least < 1e-9, "\(ratios)")
      }
    }
  }

  private static func normal(_ purpose: String, _ parameter: Parameter, seed: UInt64) -> [Double] {
    let position = RandomPosition(seed: seed, step: 3)
    return (0..<parameter.shape.count).map {
      position.normal(RandomPurpose(purpose + parameter.name), record: 0, column: $0)
    }
  }

  @Test func theConditionReachesEveryBlock() throws {
    let model = try Tiny.model(
      [Self.picture(16, 16), Tiny.label], given: ["label"], Self.configuration())
    let names = Set(model.store.parameters.map(\.name))
    for network in ["recognition", "decoder.pictures"] {
      for scale in 0...1 {
        #expect(names.contains("\(network).scale\(scale).block0.modulation.label.weight"))
      }
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    func sentence(_ fields: [Field], given: [String], _ configuration: ModelConfiguration) -> String
    {
      do {
        _ = try Tiny.model(fields, given: given, configuration)
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      sentence([Tiny.image, Tiny.label], given: ["label"], Self.configuration())
        == "model.architecture: expected images of 16 to 128 pixels for 'convolutional', got "
        + "'image' of 2 × 2; write mlp, or scale the images.")
    #expect(
      sentence([Tiny.number, Tiny.label], given: ["label"], Self.configuration())
        == "model.architecture: expected a generated image for 'convolutional', got the generated "
        + "fields size; write mlp.")
    #expect(
      sentence(
        [Self.picture(16, 16), Tiny.label], given: ["label"],
        Self.configuration { $0.convolution.blocks = [1] })
        == "model.convolution.blocks: expected a count for each of 2 scales, got [1].")
  }
}
