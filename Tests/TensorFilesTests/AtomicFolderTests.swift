import Foundation
import Testing

@testable import TensorFiles

/// A folder takes its place whole, and only where nothing is lost by it.
@Suite struct AtomicFolderTests {
  private let folder: TemporaryFolder
  private let files = FileManager.default

  init() throws { folder = try TemporaryFolder() }

  private func write(_ path: String, _ more: () throws -> Void = {}) throws {
    try AtomicFolder.write(to: path) { writer in
      try writer.write("first".utf8, "a", ending: ".txt")
      try more()
      try writer.write("second".utf8, "b", ending: ".txt")
    }
  }

  private func names(_ name: String) throws -> [String] {
    try files.contentsOfDirectory(atPath: folder.file(name)).sorted()
  }

  @Test(arguments: ["new", "new/", "empty", "empty//", "./new"])
  func takesANewNameOrAnEmptyFolder(name: String) throws {
    if name.hasPrefix("empty") {
      #expect(mkdir(folder.file("empty"), 0o700) == 0)
    }
    try write(folder.file(name))
    #expect(try names(name) == ["a.txt", "b.txt"])
    #expect(try folder.bytes("\(name)/a.txt") == Array("first".utf8))
    #expect(try folder.names().count == 1)
    var status = stat()
    stat(folder.file(name), &status)
    #expect(!name.hasPrefix("empty") || status.st_mode & 0o777 == 0o700)
  }

  @Test func numbersNamesThatAreAlike() throws {
    try AtomicFolder.write(to: folder.file("new")) { writer in
      for text in ["x", "y", "z"] { try writer.write(text.utf8, "a", ending: ".txt") }
    }
    #expect(try names("new") == ["a-2.txt", "a-3.txt", "a.txt"])
    #expect(try folder.bytes("new/a-3.txt") == Array("z".utf8))
  }

  @Test func refusesAFolderWithContentAndAFile() throws {
    try files.createDirectory(atPath: folder.file("full/below"), withIntermediateDirectories: true)
    _ = try folder.put([1], "file")
    symlink("full", folder.file("link"))
    for name in ["full", "full/", "link"] {
      #expect(
        sentence { try write(folder.file(name)) }
          == "\(folder.file(name)) is a directory that isn't empty; name a new one.")
    }
    #expect(
      sentence { try write(folder.file("file")) }
        == "\(folder.file("file")) is a file without extension; name a new directory, or end the "
        + "name in .png or another form's extension.")
    #expect(
      sentence { try write(folder.file("none/new")) }
        == "Can't write '\(folder.file("none/new"))': No such file or directory; check the path.")
    #expect(throws: (any Error).self) { try write("/") }
    #expect(try folder.names() == ["file", "full", "link"])
    #expect(try names("full") == ["below"])
  }

  /// The system itself replaces nothing but an empty folder, whatever was there when it was checked.
  @Test(arguments: [true, false])
  func refusesWhatAppearsMeanwhile(asFile: Bool) throws {
    let text = sentence {
      try write(folder.file("new")) {
        if asFile {
          _ = try folder.put([7], "new")
        } else {
          try files.createDirectory(atPath: folder.file("new"), withIntermediateDirectories: false)
          _ = try folder.put([7], "new/theirs")
        }
      }
    }
    #expect(text.hasPrefix("\(folder.file("new")) is a "))
    #expect(try folder.names() == ["new"])
    #expect(try folder.bytes(asFile ? "new" : "new/theirs") == [7])
  }

  @Test func keepsLinks() throws {
    for name in ["empty", "elsewhere"] {
      try files.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
    }
    symlink("empty", folder.file("link"))
    symlink(folder.file("elsewhere/new"), folder.file("dangling"))
    try write(folder.file("link"))
    try write(folder.file("dangling"))
    #expect(try names("empty") == ["a.txt", "b.txt"])
    #expect(try names("elsewhere/new") == ["a.txt", "b.txt"])
    #expect(try files.destinationOfSymbolicLink(atPath: folder.file("link")) == "empty")
    #expect(
      try files.destinationOfSymbolicLink(atPath: folder.file("dangling"))
        == folder.file("elsewhere/new"))
    symlink("circle", folder.file("circle"))
    #expect(sentence { try write(folder.file("circle")) }.contains("symbolic links"))
  }

  /// Only what was written is removed; what somebody else put there stays.
  @Test func removesWhatItWroteWhenTheBodyFails() throws {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try write(folder.file("new")) { throw Stop() } }
    #expect(try folder.names().isEmpty)
    let partial = ".new.partial-\(getpid())"
    #expect(throws: Stop.self) {
      try write(folder.file("new")) {
        _ = try folder.put([7], "\(partial)/theirs")
        throw Stop()
      }
    }
    #expect(try folder.names() == [partial])
    #expect(try names(partial) == ["theirs"])
  }

  @Test func usesNoPartialFolderThatIsThere() throws {
    let partial = ".new.partial-\(getpid())"
    try files.createDirectory(atPath: folder.file(partial), withIntermediateDirectories: false)
    _ = try folder.put([7], "\(partial)/a.txt")
    symlink("/etc", folder.file(partial + "-1"))
    try write(folder.file("new"))
    #expect(try folder.names() == [partial, partial + "-1", "new"])
    #expect(try names("new") == ["a.txt", "b.txt"])
    #expect(try folder.bytes("\(partial)/a.txt") == [7])
  }
}
