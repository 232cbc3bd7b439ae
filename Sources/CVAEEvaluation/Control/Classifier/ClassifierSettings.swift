import RecordTypes

/// A classifier's layers and training: together with the rows, all that its values depend on.
struct ClassifierSettings: Codable, Hashable, Sendable {
  /// The layers up to the features.
  var body: ClassifierBody
  /// Passes over the rows.
  var epochs: Int
  /// Rows in a step; fewer where there are fewer.
  var batch: Int
  /// Of AdamW in the first step; it falls to 0 along a cosine.
  var learningRate: Double
  /// Decoupled weight decay.
  var weightDecay: Double
  /// The share of features that are dropped while training.
  var dropout: Double
  /// Decides first values, order and dropout.
  var seed: UInt64

  /// What judges pictures: a small budget that is the same for every model.
  static func image(_ size: ImageSize, seed: UInt64) -> ClassifierSettings {
    ClassifierSettings(
      body: .forImages(of: size), epochs: 5, batch: 128, learningRate: 0.002, weightDecay: 0.01,
      dropout: 0.25, seed: seed)
  }

  /// What looks for a level in `rows` rows of a latent space: about two thousand steps at least.
  static func probe(hidden: [Int], rows: Int, seed: UInt64) -> ClassifierSettings {
    let batch = 128
    let steps = max(1, rows / batch)
    return ClassifierSettings(
      body: .perceptron(hidden: hidden), epochs: max(15, 2000 / steps), batch: batch,
      learningRate: 0.01, weightDecay: 0.0001, dropout: 0, seed: seed)
  }
}
