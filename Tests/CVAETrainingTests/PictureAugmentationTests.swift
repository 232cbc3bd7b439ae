import RecordTypes
import TensorGraph
import Testing

@testable import CVAEModels
@testable import CVAETraining

/// Pictures that are changed while training.
@Suite struct PictureAugmentationTests {
  private func changed(
    _ change: PictureAugmentation.Change, _ pixels: [Float], height: Int, width: Int,
    channels: Int = 1
  ) -> [Float] {
    var pixels = pixels
    pixels.withUnsafeMutableBufferPointer {
      PictureAugmentation.apply(
        change, to: $0, ImageSize(height: height, width: width, channels: channels))
    }
    return pixels
  }

  @Test func picturesAreMirroredMovedAndRecoloured() {
    let picture: [Float] = [1, 2, 3, 4, 5, 6]
    func moved(_ change: PictureAugmentation.Change) -> [Float] {
      changed(change, picture, height: 2, width: 3)
    }
    #expect(moved(.init()) == picture)
    #expect(moved(.init(isFlipped: true)) == [3, 2, 1, 6, 5, 4])
    #expect(moved(.init(down: 1)) == [1, 2, 3, 1, 2, 3])
    #expect(moved(.init(down: -1)) == [4, 5, 6, 4, 5, 6])
    #expect(moved(.init(right: 1)) == [1, 1, 2, 4, 4, 5])
    #expect(moved(.init(right: -1)) == [2, 3, 3, 5, 6, 6])
    // Mirrored first, then moved.
    #expect(moved(.init(isFlipped: true, right: 1)) == [3, 3, 2, 6, 6, 5])
    let colours: [Float] = [1, 2, 3, 4, 5, 6]
    let order = AugmentationConfiguration.orders.firstIndex(of: [2, 0, 1]) ?? 0
    #expect(
      changed(.init(order: order), colours, height: 1, width: 2, channels: 3)
        == [3, 1, 2, 6, 4, 5])
  }

  /// Each change occurs about as often as it should, and is the same for the same record and step.
  @Test func changesAreKeyedAndEven() throws {
    let size = ImageSize(height: 16, width: 16, channels: 3)
    let schema = try RecordSchema(fields: [
      Field(name: "image", kind: .image(size)),
      Field(name: "label", kind: .category(levels: ["a", "b"])),
    ])
    var configuration = ModelConfiguration()
    configuration.augmentation.flip = true
    configuration.augmentation.shift = 1
    configuration.augmentation.colours = true
    configuration.augmentation.share = 0.75
    let model = try ConditionalVAE(
      schema: schema, roles: Roles.named(["label"], schema: schema), configuration: configuration,
      acceptsMissing: false, seed: 1)
    let augmentation = try #require(PictureAugmentation(model))
    let position = RandomPosition(seed: 3, step: 5)
    let count = 4000
    let changes = (0..<UInt32(count)).map { augmentation.change(of: $0, at: position) }
    #expect(changes == (0..<UInt32(count)).map { augmentation.change(of: $0, at: position) })
    let other = RandomPosition(seed: 3, step: 6)
    #expect(changes != (0..<UInt32(count)).map { augmentation.change(of: $0, at: other) })
    func share(_ isCounted: (PictureAugmentation.Change) -> Bool) -> Double {
      Double(changes.count(where: isCounted)) / Double(count)
    }
    for (found, expected) in [
      (share { $0.isFlipped }, 0.375), (share { $0.down == 1 }, 0.25),
      (share { $0.right == -1 }, 0.25), (share { $0.order == 5 }, 0.125),
      (share { $0 == PictureAugmentation.Change() }, 0.25 + 0.75 / 2 / 9 / 6),
    ] {
      #expect(abs(found - expected) < 4 * (expected * (1 - expected) / Double(count)).squareRoot())
    }
  }
}
