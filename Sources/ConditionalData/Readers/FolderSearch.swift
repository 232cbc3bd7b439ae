import Foundation
import RecordTypes
import TensorFiles

/// The files below a folder: each folder is listed once, whatever links lead to it.
package struct FolderSearch {
  /// Paths below the folder of everything in it that is no folder, sorted.
  private(set) var files: [String] = []
  /// Folders and links that aren't read, and why: `"'a/loop' leads to a folder that is read anyway"`.
  private(set) var unread: [String] = []

  private let folder: String
  private let isEnough: (String) -> Bool
  private var isDone = false
  private var listed: Set<FileIdentity> = []
  /// Links to folders, which are followed after all folders that lie here themselves.
  private var links: [String] = []

  /// Searches `folder` and those below it; hidden files and folders and `__MACOSX` are left out.
  ///
  /// - Parameter isEnough: The search ends at a file of which this holds, by its path below the folder.
  init(_ folder: String, until isEnough: @escaping (String) -> Bool = { _ in false }) {
    self.folder = folder
    self.isEnough = isEnough
    let around = FileIdentity.ofFolders(around: folder)
    listed = around
    if let identity = FileIdentity(folder) { listed.insert(identity) }
    list(below: "")
    var next = 0
    while next < links.count, !isDone {
      let link = links[next]
      next += 1
      guard let identity = FileIdentity("\(folder)/\(link)") else { continue }
      if listed.insert(identity).inserted {
        list(below: link + "/")
      } else {
        let target = around.contains(identity) ? "around this one" : "that is read anyway"
        unread.append("'\(link)' leads to a folder \(target)")
      }
    }
    files = files.map(ByteText.init).sorted().map(\.text)
  }

  private mutating func list(below prefix: String) {
    let path = "\(folder)/\(prefix)"
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      if !prefix.isEmpty { unread.append("'\(prefix.dropLast())' can't be opened") }
      return
    }
    for name in names.sorted() where !Self.isHidden(name) && !isDone {
      add(prefix + name)
    }
  }

  private mutating func add(_ name: String) {
    let path = "\(folder)/\(name)"
    var status = stat()
    guard lstat(path, &status) == 0 else {
      // Foundation has put this character in the place of bytes that are no text.
      let isText = !name.unicodeScalars.contains("\u{FFFD}")
      unread.append("'\(name)' \(isText ? "can't be opened" : "has a name that isn't UTF-8")")
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      guard let identity = FileIdentity(path), listed.insert(identity).inserted else { return }
      list(below: name + "/")
    case S_IFLNK where FileIdentity(path)?.isFolder == true: links.append(name)
    case S_IFLNK where stat(path, &status) != 0 && !PictureFiles.isPicture(name):
      unread.append("'\(name)' leads nowhere")
    default:
      files.append(name)
      isDone = isEnough(name)
    }
  }

  private static func isHidden(_ name: String) -> Bool {
    name.utf8.first == UInt8(ascii: ".") || name == "__MACOSX"
  }

  /// The folders of a path below a folder, and the file's name.
  ///
  /// A `Character` may be a slash and an accent that the next name begins with, so bytes are compared.
  package static func parts(of path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
  }
}
