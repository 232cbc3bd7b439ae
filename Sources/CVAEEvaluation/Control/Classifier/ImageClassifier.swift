import CVAEModels
public import CVAETraining
import ConditionalData
import Foundation
public import RecordTypes
import TensorGraph

/// The judge of generated pictures: a classifier of one category that has learned from the real
/// training pictures alone, and knows nothing of the model that is judged.
///
/// It lies beside the model as `classifier-<field>.safetensors`, so that it is trained once.
public struct ImageClassifier: Sendable {
  /// All that decides the classifier's values; a stored one is used again where this is equal.
  struct Identity: Codable, Hashable, Sendable {
    /// The layout of the file.
    var formatVersion = 1
    /// The category whose levels are told apart.
    let category: Field
    /// The image that is classified.
    let image: Field
    let settings: ClassifierSettings
    /// The fingerprint of the data whose training split was learned from, and what determines that split.
    let dataFingerprint: String
    let splitSeed: UInt64
    let validation: Double
  }

  let identity: Identity
  let fitted: FittedClassifier

  /// The field whose levels are told apart.
  public var category: Field { identity.category }

  /// Where the classifier of `field` lies that judges `model`; nil for a model without a file.
  public static func path(beside model: TrainedModel, field: String) -> String? {
    guard let path = model.path else { return nil }
    let plain = field.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
    return URL(fileURLWithPath: path).deletingLastPathComponent()
      .appendingPathComponent("classifier-\(String(plain)).safetensors").path
  }
}
