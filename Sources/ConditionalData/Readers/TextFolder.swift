import Foundation
import RecordTypes
import TensorFiles

/// A folder of class folders of texts, each a `.txt` file.
enum TextFolder {
  /// Whether the folder has folders with texts, and neither a picture nor a table that names some.
  static func isOne(_ folder: String) -> Bool {
    if FileManager.default.fileExists(atPath: "\(folder)/\(PictureFiles.metadata)") { return false }
    let files = FolderSearch(folder, until: PictureFiles.isPicture).files
    return !files.contains(where: PictureFiles.isPicture)
      && files.contains { isText($0) && FolderSearch.parts(of: $0).count > 1 }
  }

  /// The fields `text` and `label`; records are in the order of the texts' paths, those of a test split of their own last.
  ///
  /// A line break at the end of a file doesn't belong to its text, nor does a byte order mark.
  static func read(_ folder: String, _ requests: FieldRequests) throws -> DataTable {
    var folder = folder
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    let search = FolderSearch(folder)
    let classes = ClassFolders(search.files.filter(isText), in: folder, noun: "text")
    var (table, texts) = (classes.table, TextStorage())
    var unusable: [(index: Int, name: String, reason: String)] = []
    for (index, name) in classes.names.enumerated() {
      do {
        let text = trimmed(try GzipFile.readPossiblyCompressed("\(folder)/\(name)"))
        if String(validating: text, as: UTF8.self) == nil {
          unusable.append((index, name, "isn't UTF-8"))
        } else {
          texts.append(text)
        }
      } catch is FileFailure {
        unusable.append((index, name, "can't be read"))
      }
    }
    guard texts.count > 0 else {
      throw DataFileFailure(
        path: folder, expected: "texts in UTF-8 in class folders",
        actual: "\(NameList.count(unusable.count, "file")) that can't be read as such",
        advice: "save them with the encoding UTF-8")
    }
    _ = table.leaveOut(unusable, of: classes.names.count, noun: "text", folder: folder)
    if !search.unread.isEmpty {
      table.notes.append(
        DataNote(folder, .files("not read: \(NameList.text(search.unread))")))
    }
    let column = RecordColumn(.texts(texts))
    let kind = TextKind(for: column, requests.request("text"))
    table.fields.insert(Field(name: "text", kind: FieldKind(kind)), at: 0)
    table.columns.insert(column, at: 0)
    return table
  }

  private static func isText(_ path: String) -> Bool { PictureFiles.ending(path) == "txt" }

  private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var text = bytes[...]
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
    if text.last == UInt8(ascii: "\n") { text = text.dropLast() }
    if text.last == UInt8(ascii: "\r") { text = text.dropLast() }
    return text
  }
}
