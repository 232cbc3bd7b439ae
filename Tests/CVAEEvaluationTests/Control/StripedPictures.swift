import CVAEModels
import CVAETraining
import ConditionalData
import RecordTypes
import TensorGraph

/// Pictures of 4 × 4 pixels whose level is the bright row, and models of them.
struct StripedPictures {
  static let size = ImageSize(height: 4, width: 4, channels: 1)
  static let image = Field(name: "image", kind: .image(size))
  static let row = Field(name: "row", kind: .category(levels: ["first", "second", "third"]))
  static let schema = RecordSchema(trusting: [image, row])

  /// Records of three levels in turn, of which the last `test` are for testing.
  static func data(_ count: Int = 120, test: Int = 60, salt: Int = 0) throws -> DataSet {
    let levels = (0..<Int32(count)).map { $0 % 3 }
    let pixels = levels.enumerated().flatMap { record, level in
      (0..<16).map { pixel in
        let noise = UInt8((record * 37 + pixel * 11 + salt) % 41)
        return pixel / 4 == Int(level) ? 200 + noise : 10 + noise
      }
    }
    return try DataSet(
      schema: schema, columns: [.bytes(pixels, size: size), .levels(levels)],
      ownTest: count - test..<count, source: "striped")
  }

  /// A model that draws a bright row where its level says: the decoder's weights are set by hand, so
  /// that style changes the brightness a little, and `obeys` says whether it follows the level. A
  /// model that `acceptsMissing` draws the first row where the level is unknown.
  static func model(
    of data: DataSet, obeys: Bool = true, acceptsMissing: Bool = false
  ) throws -> TrainedModel {
    var configuration = ModelConfiguration()
    configuration.latent = 1
    configuration.recognition.hidden = []
    configuration.decoder.hidden = []
    configuration.prior.kind = .standard
    let brightRows = [0, 1, 2] + (acceptsMissing ? [0] : [])
    let rows = brightRows.flatMap { level in
      (0..<16).map { pixel in pixel / 4 == level ? 2.0 : -2.0 }
    }
    let model = try TrainedModel.fixture(
      schema: schema, given: ["row"], configuration,
      preprocessing: Preprocessing(scales: [:], levelCounts: ["row": [20, 20, 20]]),
      values: [
        // z is recognised from the picture alone.
        "recognition.output.row.weight": [Double](repeating: 0, count: 2 * brightRows.count),
        "decoder.image.weight": [Double](repeating: 0.3, count: 16),
        "decoder.image.row.weight": obeys ? rows : rows.map { _ in 0 },
        "decoder.image.bias": obeys
          ? [Double](repeating: 0, count: 16)
          : (0..<16).map { $0 / 4 == 0 ? 2.0 : -2.0 },
      ], acceptsMissing: acceptsMissing)
    return model.trained(on: data)
  }
}

extension TrainedModel {
  /// The same model, as if it had learned from `data`.
  func trained(on data: DataSet) -> TrainedModel {
    var provenance = provenance
    provenance.dataFingerprint = data.fingerprint
    return TrainedModel(
      model: model, preprocessing: preprocessing, objective: objective, provenance: provenance,
      tensors: tensors)
  }
}
