import Foundation
import TensorFiles

/// Says what can be read, of data that can't.
enum UnreadableForm {
  static func failure(_ path: String, isFolder: Bool) -> DataFileFailure {
    let isFlat = isFolder && PictureFiles.hasPicture(path)
    return DataFileFailure(
      path: path,
      expected:
        "a folder of IDX files (train-images-idx3-ubyte, train-labels-idx1-ubyte), a folder "
        + "of pictures in class folders or with a metadata.csv, a .csv or .tsv table, or an .npz file",
      actual: isFlat
        ? "a folder of pictures with neither"
        : isFolder ? "a folder without these files" : file(path),
      advice: isFlat
        ? "put the pictures into a folder for each class"
        : "write the fields as arrays with numpy.savez")
  }

  private static func file(_ path: String) -> String {
    var name = path.lowercased()
    if name.contains("-idx3-ubyte") || name.contains("-idx1-ubyte") {
      return "one IDX file instead of its folder"
    }
    if name.hasSuffix(".gz") { name.removeLast(3) }
    return switch URL(fileURLWithPath: name).pathExtension {
    case "jsonl", "json": "a JSON file, which isn't readable yet"
    case let ending where PictureFiles.endings.union(PictureFiles.otherEndings).contains(ending):
      "a picture instead of a folder of them"
    default: "a file of another kind"
    }
  }
}
