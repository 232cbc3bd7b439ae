import RecordTypes
import TensorGraph
import Testing

@testable import CVAEModels

/// What networks are told of changed pictures.
@Suite struct AugmentationTests {
  private static func model(
    group: String? = nil, _ change: (inout AugmentationConfiguration) -> Void
  ) throws -> ConditionalVAE {
    let size = ImageSize(height: 16, width: 16, channels: 3)
    return try Tiny.model(
      [Field(name: "image", kind: .image(size)), Tiny.label], given: ["label"],
      Tiny.configuration {
        $0.architecture = .convolutional
        $0.convolution.widths = [2, 4]
        $0.convolution.dense = [5]
        $0.group = group
        change(&$0.augmentation)
      })
  }

  @Test func everyNetworkIsTold() throws {
    let model = try Self.model {
      $0.flip = true
      $0.shift = 2
      $0.colours = true
    }
    #expect(model.configuration.augmentation.count == 8)
    let told = model.store.parameters.filter { $0.name.contains(".augmentation.") }.map(\.name)
    for network in ["prior.", "recognition.", "decoder."] {
      #expect(told.contains { $0.hasPrefix(network) }, "\(network): \(told)")
    }
    #expect(!model.inputs.contains { $0.name == "augmentation" }, "It is no field of records.")
    let none = try Self.model { _ in }
    #expect(!none.store.parameters.contains { $0.name.contains("augmentation") })
  }

  /// Where nothing was done, training says what evaluation does, which isn't told; a flag changes the bound.
  @Test func nothingDoneIsNothingTold() throws {
    let model = try Self.model { $0.flip = true }
    var batch = Tiny.batch(of: model, count: 2, seed: 3)
    batch.reals["klWeight"] = [1]
    // Weights that tell apart what is told.
    let values = model.store.parameters.reduce(into: [String: [Double]]()) { values, parameter in
      let position = RandomPosition(seed: 4, step: 0)
      values[parameter.name] = (0..<parameter.shape.count).map {
        0.3 * position.normal(RandomPurpose(parameter.name), record: 0, column: $0)
      }
    }
    let evaluation = try model.evaluationProgram(batch: 2)
    #expect(!evaluation.reads(.augmentation))
    let known = try batch.run(evaluation, of: model, parameters: values)
    let training = try model.trainingProgram(
      batch: 2, rule: AdamRule(), clipNorm: nil, hasFreeBits: false)
    for flag in [0.0, 1.0] {
      batch.reals["augmentation"] = [flag, flag]
      let outputs = try batch.run(training, of: model, parameters: values)
      for (own, other) in zip(outputs["elbo"] ?? [], known["elbo"] ?? []) {
        #expect((abs(own - other) < 1e-9 * abs(other)) == (flag == 0), "\(own), \(other)")
      }
    }
  }

  /// What the prior of a group sees is the same throughout the group.
  @Test func thePriorOfAGroupIsNotTold() throws {
    let model = try Self.model(group: "face") { $0.flip = true }
    let told = model.store.parameters.filter { $0.name.contains(".augmentation.") }.map(\.name)
    #expect(!told.isEmpty && !told.contains { $0.hasPrefix("prior.") })
  }

  @Test func whatDoesNotFitIsRefused() throws {
    func sentence(_ change: (inout AugmentationConfiguration) -> Void) -> String {
      do {
        _ = try Self.model(change)
        return ""
      } catch { return "\(error)" }
    }
    #expect(
      sentence { $0.shift = 9 }
        == "model.augmentation.shift: expected 0 to 8 pixels, half of these pictures, got 9.")
    #expect(
      sentence {
        $0.flip = true
        $0.share = 0
      } == "model.augmentation.share: expected a share above 0 and up to 1, got 0.0.")
    var table = Tiny.configuration()
    table.augmentation.flip = true
    #expect(throws: ConfigurationError.self) {
      try Tiny.model([Tiny.number, Tiny.label], given: ["label"], table)
    }
  }
}
