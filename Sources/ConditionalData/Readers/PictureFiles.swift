import Foundation

/// The pictures below a folder, by the endings of their names.
package struct PictureFiles {
  /// The endings of pictures that can be read.
  package static let endings: Set = ["png", "jpg", "jpeg", "jpe", "jfif", "webp"]
  /// The endings of pictures that can't be read.
  static let otherEndings: Set = [
    "gif", "bmp", "tif", "tiff", "avif", "heic", "heif", "jxl", "tga", "ppm", "pgm", "pbm", "pnm",
    "jp2", "svg", "ico", "psd", "dng", "cr2", "cr3", "nef", "arw",
  ]

  /// Paths below the folder, sorted.
  package let names: [String]
  /// Paths of pictures of a form that can't be read, sorted.
  package let otherForms: [String]
  /// Folders and links that aren't read, and why.
  private let unread: [String]

  /// Searches the folder and those below it; hidden files and folders and `__MACOSX` are left out.
  package init(in folder: String) {
    let search = FolderSearch(folder)
    names = search.files.filter { Self.endings.contains(Self.ending($0)) }
    otherForms = search.files.filter { Self.otherEndings.contains(Self.ending($0)) }
    unread = search.unread
  }

  /// What is left out of `folder`, which was searched, whatever the pictures are read for.
  package func notes(on folder: String) -> [DataNote] {
    var notes: [String] = []
    if let first = otherForms.first {
      notes.append(
        "\(NameList.count(otherForms.count, "picture")) of other kinds left out: "
          + "\(Self.kinds(of: otherForms)), such as '\(first)'; convert them to PNG, JPEG or WebP")
    }
    if !unread.isEmpty {
      notes.append("not read: \(NameList.text(unread))")
    }
    return notes.map { DataNote(folder, .files($0)) }
  }

  /// How many files have which ending, the most frequent first: `"20 .png and 3 .jpg"`.
  package static func kinds(of names: [String]) -> String {
    let counts = Dictionary(grouping: names, by: ending).mapValues(\.count)
    let kinds = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return NameList.text(kinds.map { "\($0.value) .\($0.key)" }, atMost: 12)
  }

  /// The table that names a folder's pictures.
  package static let metadata = "metadata.csv"

  /// Whether the folder has a ``metadata`` table, or folders with pictures.
  package static func areRecords(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(metadata)")
      || contains(folder) { FolderSearch.parts(of: $0).count > 1 }
  }

  /// Whether there is a picture in the folder or below, whether it can be read or not.
  package static func hasPicture(_ folder: String) -> Bool { contains(folder) { _ in true } }

  private static func contains(_ folder: String, _ isWanted: @escaping (String) -> Bool) -> Bool {
    let isEnough = { isPicture($0) && isWanted($0) }
    return FolderSearch(folder, until: isEnough).files.contains(where: isEnough)
  }

  /// Whether a file's name ends as that of a picture.
  static func isPicture(_ name: String) -> Bool {
    endings.contains(ending(name)) || otherEndings.contains(ending(name))
  }

  static func ending(_ path: String) -> String {
    let name = FolderSearch.parts(of: path).last ?? ""
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return name[name.utf8.index(after: dot)...].lowercased()
  }
}
