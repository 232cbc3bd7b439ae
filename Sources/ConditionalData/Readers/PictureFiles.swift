import Foundation

/// The pictures below a folder, by the endings of their names.
package struct PictureFiles {
  /// The endings of pictures that can be read.
  static let endings: Set = ["png", "jpg", "jpeg", "webp"]
  /// The endings of pictures that can't be read.
  static let otherEndings: Set = [
    "gif", "bmp", "tif", "tiff", "avif", "heic", "heif", "jxl", "tga", "ppm", "pgm", "jp2", "svg",
  ]

  /// Paths below the folder, sorted.
  package private(set) var names: [String] = []
  /// Paths of pictures of a form that can't be read, sorted.
  package private(set) var otherForms: [String] = []

  /// Searches the folder and those below it; hidden files and folders and `__MACOSX` are left out.
  package init(in folder: String) {
    collect(folder, below: "", depth: 0)
    names.sort()
    otherForms.sort()
  }

  /// The table that names a folder's pictures.
  package static let metadata = "metadata.csv"

  /// Whether the folder has a ``metadata`` table, or folders with pictures.
  package static func areRecords(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(metadata)") || hasClassFolders(folder)
  }

  /// Whether the folder has a folder with a picture in it.
  private static func hasClassFolders(_ folder: String) -> Bool {
    for name in content(of: folder) where isFolder(folder + "/" + name) {
      if hasPicture(folder + "/" + name) { return true }
    }
    return false
  }

  /// Whether there is a picture in the folder or below, whether it can be read or not.
  static func hasPicture(_ folder: String) -> Bool {
    let paths = FileManager.default.enumerator(atPath: resolved(folder))
    return paths?.lazy.compactMap { $0 as? String }.contains { path in
      !isHidden(path) && (endings.contains(ending(path)) || otherEndings.contains(ending(path)))
    } == true
  }

  private mutating func collect(_ folder: String, below prefix: String, depth: Int) {
    for name in Self.content(of: folder) {
      let path = folder + "/" + name
      if Self.endings.contains(Self.ending(name)), !Self.isFolder(path) {
        names.append(prefix + name)
      } else if Self.otherEndings.contains(Self.ending(name)), !Self.isFolder(path) {
        otherForms.append(prefix + name)
      } else if depth < Self.deepest, Self.isFolder(path) {
        collect(path, below: prefix + name + "/", depth: depth + 1)
      }
    }
  }

  /// Ends the search where a symbolic link leads back.
  private static let deepest = 32

  private static func content(of folder: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    return (names ?? []).filter { !isHidden($0) }
  }

  private static func isHidden(_ path: String) -> Bool {
    path.split(separator: "/").contains { $0.hasPrefix(".") || $0 == "__MACOSX" }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  static func ending(_ path: String) -> String {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return "" }
    return path[path.index(after: dot)...].lowercased()
  }
}
