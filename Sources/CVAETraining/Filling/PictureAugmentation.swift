import CVAEModels
import RecordTypes
import TensorGraph

/// Changes pictures of a batch that is to be trained on, and tells the networks how; see ``AugmentationConfiguration``.
///
/// What is done to a record in a step depends on seed, step and record alone.
struct PictureAugmentation {
  private let configuration: AugmentationConfiguration
  private let images: [(input: FieldInput, size: ImageSize)]

  private static let purpose = RandomPurpose("augmentation")

  /// Nil for a model whose pictures stay as they are.
  init?(_ model: ConditionalVAE) {
    guard model.configuration.augmentation.isOn else { return nil }
    configuration = model.configuration.augmentation
    images = model.inputs.compactMap { input in
      input.isAbsence ? nil : input.features.pictureSize.map { (input, $0) }
    }
  }

  /// What is done to one record.
  struct Change: Hashable {
    var isFlipped = false
    /// Pixels.
    var down = 0
    /// Pixels.
    var right = 0
    /// Of ``AugmentationConfiguration/orders``.
    var order = 0
  }

  /// Changes what was written into a program's inputs.
  func apply(to program: CompiledModel, at position: RandomPosition) {
    let changes = program.withIndexInput(.records(.own)) { records in
      records.map { change(of: UInt32(bitPattern: $0), at: position) }
    }
    program.withInput(.augmentation) { flags in
      for (record, change) in changes.enumerated() { write(change, to: flags, record: record) }
    }
    for (input, size) in images {
      program.withInput(.field(input, .own)) { pixels in
        for (record, change) in changes.enumerated() where change != Change() {
          let own = UnsafeMutableBufferPointer(
            rebasing: pixels[record * size.count..<(record + 1) * size.count])
          Self.apply(change, to: own, size)
        }
      }
    }
  }

  func change(of record: UInt32, at position: RandomPosition) -> Change {
    func draw(_ column: Int) -> Double {
      position.uniform(Self.purpose, record: record, column: column)
    }
    var change = Change()
    guard draw(0) < configuration.share else { return change }
    if configuration.flip { change.isFlipped = draw(1) < 0.5 }
    if configuration.shift > 0 {
      let distances = Double(2 * configuration.shift + 1)
      change.down = Int(draw(2) * distances) - configuration.shift
      change.right = Int(draw(3) * distances) - configuration.shift
    }
    if configuration.colours {
      change.order = Int(draw(4) * Double(AugmentationConfiguration.orders.count))
    }
    return change
  }

  private func write(
    _ change: Change, to flags: UnsafeMutableBufferPointer<Float>, record: Int
  ) {
    var next = record * configuration.count
    func put(_ flag: Float) {
      flags[next] = flag
      next += 1
    }
    if configuration.flip { put(change.isFlipped ? 1 : 0) }
    if configuration.shift > 0 {
      put(Float(change.down) / Float(configuration.shift))
      put(Float(change.right) / Float(configuration.shift))
    }
    if configuration.colours {
      for order in 1..<AugmentationConfiguration.orders.count {
        put(order == change.order ? 1 : 0)
      }
    }
  }

  /// Changes a picture `[height, width, channels]` in its place.
  static func apply(
    _ change: Change, to pixels: UnsafeMutableBufferPointer<Float>, _ size: ImageSize
  ) {
    let source = Array(pixels)
    let channels = size.channels
    let order = channels == 3 ? AugmentationConfiguration.orders[change.order] : nil
    for row in 0..<size.height {
      let from = min(max(row - change.down, 0), size.height - 1)
      for column in 0..<size.width {
        var other = min(max(column - change.right, 0), size.width - 1)
        if change.isFlipped { other = size.width - 1 - other }
        let (target, place) = (
          (row * size.width + column) * channels, (from * size.width + other) * channels
        )
        if let order {
          for channel in 0..<3 { pixels[target + channel] = source[place + order[channel]] }
        } else {
          for channel in 0..<channels { pixels[target + channel] = source[place + channel] }
        }
      }
    }
  }
}
