import Foundation
import RecordTypes
import TensorFiles

/// A folder of class folders of texts, each a `.txt` file.
enum TextFolder {
  /// Whether the folder has folders with texts, and neither a picture nor a table that names some.
  ///
  /// - Parameter mayLackLabels: Whether texts in no folder will do.
  static func isOne(_ folder: String, mayLackLabels: Bool = false) -> Bool {
    if FileManager.default.fileExists(atPath: "\(folder)/\(PictureFiles.metadata)") { return false }
    let files = FolderSearch(folder, until: PictureFiles.isPicture).files
    return !files.contains(where: PictureFiles.isPicture)
      && files.contains { isText($0) && (mayLackLabels || FolderSearch.parts(of: $0).count > 1) }
  }

  /// The fields `text` and `label`; records are in the order of the texts' paths, those of a test split of their own last.
  /// Without class folders `text` alone.
  ///
  /// A line break at the end of a file doesn't belong to its text, nor does a byte order mark.
  static func read(_ folder: String, _ requests: FieldRequests) throws -> DataTable {
    var folder = folder
    while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    let search = FolderSearch(folder)
    let files = search.files.filter(isText)
    let classes = ClassFolders(files, in: folder, noun: "text")
    var (names, table) = (classes.names, classes.table)
    if names.isEmpty { (names, table) = (files, DataTable([], [])) }
    if !search.unread.isEmpty {
      table.notes.append(
        DataNote(folder, .files("not read: \(NameList.text(search.unread))")))
    }
    return try adding(
      names.map { (name: $0, path: "\(folder)/\($0)") }, to: table, of: folder, requests)
  }

  /// A single text, the field `text` of one record.
  static func readFile(_ path: String, _ requests: FieldRequests) throws -> DataTable {
    try adding([(name: path, path: path)], to: DataTable([], []), of: path, requests)
  }

  /// Puts the files' texts before the columns of a table that has a row for each of them.
  private static func adding(
    _ files: [(name: String, path: String)], to table: DataTable, of place: String,
    _ requests: FieldRequests
  ) throws -> DataTable {
    var (table, texts) = (table, TextStorage())
    var unusable: [(index: Int, name: String, reason: String)] = []
    for (index, file) in files.enumerated() {
      do {
        let text = trimmed(try GzipFile.readPossiblyCompressed(file.path))
        if String(validating: text, as: UTF8.self) == nil {
          unusable.append((index, file.name, "isn't UTF-8"))
        } else {
          texts.append(text)
        }
      } catch is FileFailure {
        unusable.append((index, file.name, "can't be read"))
      }
    }
    guard texts.count > 0 else {
      throw DataFileFailure(
        path: place, expected: "texts in UTF-8",
        actual: "\(NameList.count(unusable.count, "file")) that can't be read as such",
        advice: "save them with the encoding UTF-8")
    }
    _ = table.leaveOut(unusable, of: files.count, noun: "text", folder: place)
    let column = RecordColumn(.texts(texts))
    let kind = TextKind(for: column, requests.request("text"))
    table.fields.insert(Field(name: "text", kind: FieldKind(kind)), at: 0)
    table.columns.insert(column, at: 0)
    return table
  }

  static func isText(_ path: String) -> Bool { PictureFiles.ending(path) == "txt" }

  private static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var text = bytes[...]
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
    if text.last == UInt8(ascii: "\n") { text = text.dropLast() }
    if text.last == UInt8(ascii: "\r") { text = text.dropLast() }
    return text
  }
}
