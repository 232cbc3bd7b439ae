import ConditionalData
import Foundation
import TensorFiles

/// What was named in the place of a model, by a mistake that its name and first bytes show.
enum MistakenModel {
  private static let advice =
    "name the folder that 'cvae train' wrote to its --output, or its \(RunDirectory.modelName)"

  /// Refuses a file that is no model, if it isn't called as one: a damaged model is named as such elsewhere.
  ///
  /// - Throws: ``ModelFileFailure``, `FileFailure`.
  static func check(file path: String) throws {
    guard !path.hasSuffix(".safetensors") else { return }
    guard let handle = FileHandle(forReadingAtPath: path) else { return }
    defer { try? handle.close() }
    let start = [UInt8](try handle.read(upToCount: 4096) ?? Data())
    // A header begins behind the eight bytes of its length.
    if start.count > 8, start[8] == UInt8(ascii: "{"), start[7] == 0 { return }
    throw ModelFileFailure(
      path: path, expected: "a model", actual: kind(path, start), advice: advice)
  }

  /// The failure for a folder without a model.
  static func failure(folder path: String) -> ModelFileFailure {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    let runs = names.filter {
      FileManager.default.fileExists(
        atPath: RunDirectory(path).file("\($0)/\(RunDirectory.modelName)"))
    }
    if let first = runs.first {
      return ModelFileFailure(
        path: path, expected: "a model",
        actual: "a folder with \(NameList.count(runs.count, "run")) in it",
        advice: "name one of them, such as \(RunDirectory(path).file(first))")
    }
    let actual =
      names.isEmpty
      ? "an empty folder"
      : PictureFiles.hasPicture(path) ? "a folder of pictures" : "a folder without one"
    return ModelFileFailure(path: path, expected: "a model", actual: actual, advice: advice)
  }

  private static func kind(_ path: String, _ start: [UInt8]) -> String {
    if start.isEmpty { return "an empty file" }
    let signatures: [([UInt8], String)] = [
      ([0x89, 0x50, 0x4E, 0x47], "a picture"), ([0xFF, 0xD8, 0xFF], "a picture"),
      (Array("GIF8".utf8), "a picture"), (Array("RIFF".utf8), "a picture"),
      ([0x50, 0x4B, 3, 4], "an .npz or .zip archive"),
    ]
    if let known = signatures.first(where: { start.starts(with: $0.0) }) { return known.1 }
    if PartialTable.isOne(path) { return "what looks like a table" }
    if start.starts(with: [0x1F, 0x8B]) { return "a file compressed with gzip" }
    // The last character may be cut.
    let isText = (0..<4).contains {
      String(validating: start.dropLast($0), as: UTF8.self) != nil
    }
    return isText && !start.contains(0) ? "a text file" : "a file of another kind"
  }
}
