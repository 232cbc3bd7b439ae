import Foundation
import TensorFiles

/// Says what can be read, of data that can't.
enum UnreadableForm {
  private static let pictures: Set = ["png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff"]

  static func failure(_ path: String, isFolder: Bool) -> DataFileFailure {
    DataFileFailure(
      path: path,
      expected: "a folder of IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte) or an "
        + ".npz file",
      actual: isFolder ? folder(path) : file(path),
      advice: "write the fields as arrays with numpy.savez")
  }

  private static func file(_ path: String) -> String {
    var name = path.lowercased()
    if name.contains("-idx3-ubyte") || name.contains("-idx1-ubyte") {
      return "one IDX file instead of its folder"
    }
    if name.hasSuffix(".gz") { name.removeLast(3) }
    return switch URL(fileURLWithPath: name).pathExtension {
    case "csv", "tsv": "a CSV table, which isn't readable yet"
    case "jsonl", "json": "a JSON file, which isn't readable yet"
    case let ending where pictures.contains(ending): "a picture, which isn't readable yet"
    default: "a file of another kind"
    }
  }

  private static func folder(_ path: String) -> String {
    let names = FileManager.default.enumerator(atPath: path)?.lazy.compactMap { $0 as? String }
    let hasPictures = names?.prefix(1000).contains { name in
      pictures.contains(URL(fileURLWithPath: name.lowercased()).pathExtension)
    }
    return hasPictures == true
      ? "a folder of pictures, which isn't readable yet" : "a folder without these files"
  }
}
