import ConditionalData
import Foundation
import RecordTypes
import TensorFiles
import TensorGraph

extension ImageClassifier {
  /// The key of the identity in the file's header.
  private static let key = "classifier"

  /// Writes the classifier, whole or not at all; equal classifiers give equal bytes.
  ///
  /// - Throws: ``TensorFiles/FileFailure``, ``TensorFiles/ModelFileFailure`` for numbers that aren't
  ///   finite.
  public func save(to path: String) throws {
    let metadata = [Self.key: try identity.jsonLine]
    try SafetensorsFile(metadata: metadata, tensors: fitted.tensors).write(to: path)
  }

  /// Reads a classifier; nil where there is no file.
  ///
  /// - Throws: ``TensorFiles/FileFailure``, ``TensorFiles/ModelFileFailure`` for a file that holds
  ///   something else.
  public static func load(_ path: String) throws -> ImageClassifier? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try SafetensorsFile.read(path)
    guard let text = file.metadata[key],
      let identity = try? JSONDecoder().decode(Identity.self, from: Data(text.utf8))
    else {
      throw ModelFileFailure(
        path: path, expected: "a classifier that 'cvae evaluate' wrote",
        actual: file.metadata[key] == nil
          ? "a file without '\(key)' in its header" : "another form of '\(key)' in its header",
        advice: "name another file with --classifier, or remove this one")
    }
    guard identity.category.isCategory, let size = identity.image.imageSize,
      identity.settings.body.isSound(for: size)
    else {
      throw ModelFileFailure(
        path: path, expected: "'classifier' in the header to be of a category and an image",
        actual: "impossible fields or layers", advice: "remove the file, and it is made anew")
    }
    let network = ClassifierNetwork(
      identity.settings.body, width: identity.image.width, levels: identity.category.levels.count,
      seed: identity.settings.seed)
    for parameter in network.store.parameters {
      let shape = parameter.shape.dimensions
      let found = file.tensors[parameter.name]
      guard found?.shape != shape else { continue }
      throw ModelFileFailure(
        path: path, expected: "tensor '\(parameter.name)' of shape \(shape)",
        actual: found.map { "shape \($0.shape)" } ?? "no such tensor",
        advice: "remove the file, and it is made anew")
    }
    return ImageClassifier(
      identity: identity, fitted: FittedClassifier(network: network, tensors: file.tensors))
  }
}
