import Foundation
import TensorFiles

/// The failure for data that no reader recognises; it says what can be read.
enum UnreadableForm {
  /// - Parameter readers: The readers that didn't recognise the data.
  static func failure(_ path: String, isFolder: Bool, readers: [DataReader]) -> DataFileFailure {
    let (actual, advice) = isFolder ? folder(path) : file(path)
    return DataFileFailure(
      path: path, expected: list(readers.map(\.form)), actual: actual, advice: advice)
  }

  /// `"a, b, or c"`.
  private static func list(_ forms: [String]) -> String {
    guard let last = forms.last, forms.count > 1 else { return forms.first ?? "nothing" }
    return forms.dropLast().joined(separator: ", ") + ", or " + last
  }

  private static func folder(_ path: String) -> (actual: String, advice: String) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      return ("a folder that can't be opened", "check the permissions")
    }
    guard PictureFiles.hasPicture(path) else {
      let tables = names.filter(TableFile.isOne).sorted()
      if let others = TableFolder.others(among: tables) {
        return (
          "one with the tables \(NameList.text(tables, atMost: 12))",
          "such a folder has no other tables beside those of splits: move \(NameList.text(others)) "
            + "elsewhere, or name one table"
        )
      }
      if let table = tables.first {
        return ("a folder without these files", "name the table itself, '\(table)' in the folder")
      }
      if names.contains(where: TextFolder.isText) {
        return (
          "a folder of .txt files without class folders",
          "put the texts into a folder for each class"
        )
      }
      return (
        names.isEmpty ? "an empty folder" : "a folder without these files",
        "put pictures into a folder for each class, such as boot/1.png, or name a table"
      )
    }
    if PictureFiles.areRecords(path) {
      return (
        "a folder of pictures",
        "import the product CVAEPictures and load with readers: DataReader.builtIn + [.pictures()]"
      )
    }
    return (
      "a folder of pictures without class folders or a metadata.csv",
      "put the pictures into a folder for each class"
    )
  }

  private static func file(_ path: String) -> (actual: String, advice: String) {
    if TextFolder.isText(path) {
      return (
        "a text instead of a folder of them",
        "put texts into a folder for each class, such as good/1.txt"
      )
    }
    return (kind(of: path), "write the fields as arrays with numpy.savez")
  }

  private static func kind(of path: String) -> String {
    var name = path.lowercased()
    if name.contains("-idx3-ubyte") || name.contains("-idx1-ubyte") {
      return "one IDX file instead of its folder"
    }
    if name.hasSuffix(".gz") { name.removeLast(3) }
    return switch URL(fileURLWithPath: name).pathExtension {
    case "json": "a JSON file, which is read as .jsonl, with an object on each line"
    case let ending where PictureFiles.endings.union(PictureFiles.otherEndings).contains(ending):
      "a picture instead of a folder of them"
    default: "a file of another kind"
    }
  }
}
