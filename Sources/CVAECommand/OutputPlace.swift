import ArgumentParser
import Foundation
import RecordTypes
import TensorFiles

/// Where results go.
struct OutputPlace {
  /// What may be written under the name.
  enum Form: Equatable {
    case file
    /// A directory where the name has no extension, else a file.
    case fileOrNewFolder
    /// A directory that may hold other files.
    case folder
  }

  private static let endings = [".png", ".npz", ".csv", ".tsv", ".jsonl", ".html"]

  private let path: String
  private let option: String
  private let isFile: Bool
  private let isStandardOutput: Bool

  /// - Parameter isTable: Whether the result may be a table, which `-` sends to standard output.
  /// - Throws: `ValidationError` for a name that can't be that of a result.
  init(
    _ path: String, option: String = "--output", as form: Form, orTable isTable: Bool = false
  ) throws {
    self.path = path
    self.option = option
    isStandardOutput = path == AtomicFile.standardOutput
    let last = Self.parts(path).last?.text ?? "/"
    let hasExtension = !(last as NSString).pathExtension.isEmpty
    isFile = form == .file || form == .fileOrNewFolder && hasExtension
    try expect(
      !isStandardOutput || isTable, "the name of a \(form == .folder ? "directory" : "file")",
      "'-', standard output, which takes tables alone")
    let isBlank = path.allSatisfy(\.isWhitespace)
    try expect(!isBlank, "a name", "an empty one, perhaps from a variable that isn't set")
    let isText = path.unicodeScalars.allSatisfy { scalar in
      scalar.properties.generalCategory != .control && scalar != "\u{FFFD}"
    }
    try expect(isText, "a name of characters that can be shown", "one with others")
    guard form != .folder else { return }
    let isNamed = !Self.endings.contains(last.lowercased())
    try expect(
      isNamed, "a name before '\(last)'", "none, perhaps from a variable that isn't set")
    let isNew = ![".", "..", "/"].contains(last)
    try expect(isNew, "the name of a new file or directory", "'\(path)'")
    try expect(
      !isFile || !path.hasSuffix("/"), "the name of a file",
      "'\(path)', which ends in a slash as a directory's does")
  }

  /// Refuses what can't be written or would replace a kept file: checked before anything is computed,
  /// and again once the result is there.
  func check(_ kept: KeptFiles) throws {
    if isStandardOutput { return }
    try kept.check(path, option: option)
    if isFile { try AtomicFile.check(path) } else { try AtomicFolder.check(path) }
  }

  /// Refuses to write over an input, also by another spelling of its path.
  ///
  /// - Throws: `ValidationError`.
  @discardableResult
  func isNone(of inputs: [String?]) throws -> OutputPlace {
    if isStandardOutput { return self }
    guard let input = inputs.compactMap({ $0 }).first(where: { Self.plain($0) == Self.plain(path) })
    else { return self }
    throw ValidationError(
      "\(option) is also an input, '\(input)'; name another, so that the input stays as it is.")
  }

  private func expect(_ isSo: Bool, _ expected: String, _ actual: String) throws {
    guard !isSo else { return }
    throw ValidationError("\(option): expected \(expected), got \(actual); name another.")
  }

  /// The parts of the absolute path, without `.`, `..` and slashes too many.
  private static func plain(_ path: String) -> [ByteText] {
    let isAbsolute = path.utf8.first == UInt8(ascii: "/")
    let above = isAbsolute ? "" : FileManager.default.currentDirectoryPath
    return parts(above + "/" + path).reduce(into: []) { parts, part in
      if part.text == ".." { _ = parts.popLast() } else if part.text != "." { parts.append(part) }
    }
  }

  /// What stands between slashes; a mark that could be combined with a slash doesn't change it.
  private static func parts(_ path: String) -> [ByteText] {
    path.utf8.split(separator: UInt8(ascii: "/")).map {
      ByteText(String(decoding: $0, as: UTF8.self))
    }
  }
}
