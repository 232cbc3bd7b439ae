import Foundation
import Testing

@testable import TensorFiles

@Suite struct AtomicFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func writesAndReplacesWithoutLeftovers() throws {
    try AtomicFile.write("first, and longer".utf8, to: folder.file("a.txt"))
    try AtomicFile.write(Array("second".utf8), to: folder.file("a.txt"))
    #expect(try folder.bytes("a.txt") == Array("second".utf8))
    #expect(try folder.names() == ["a.txt"])
  }

  @Test func gathersSmallWritesAndPassesLargeOnes() throws {
    var expected: [UInt8] = []
    try AtomicFile.write(to: folder.file("a")) { writer in
      for size in [3, 70_000, 0, 1, 65_535, 65_536, 2] {
        let part = [UInt8](repeating: UInt8(truncatingIfNeeded: size), count: size)
        expected += part
        try writer.write(part)
      }
    }
    #expect(try folder.bytes("a") == expected)
  }

  @Test func keepsTheOldFileWhenTheWriterFails() throws {
    struct Stop: Error {}
    try AtomicFile.write("old".utf8, to: folder.file("a"))
    #expect(throws: Stop.self) {
      try AtomicFile.write(to: folder.file("a")) { writer in
        try writer.write([UInt8](repeating: 1, count: 100_000))
        throw Stop()
      }
    }
    #expect(try folder.bytes("a") == Array("old".utf8))
    #expect(try folder.names() == ["a"])
  }

  @Test func keepsPermissionsAndFollowsLinks() throws {
    try AtomicFile.write("old".utf8, to: folder.file("a"))
    chmod(folder.file("a"), 0o600)
    symlink("a", folder.file("link"))
    try AtomicFile.write("new".utf8, to: folder.file("link"))
    #expect(try folder.bytes("a") == Array("new".utf8))
    #expect(try folder.names() == ["a", "link"])
    var status = stat()
    stat(folder.file("a"), &status)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  /// What bears the name of a partial file is never followed, emptied or removed.
  @Test func usesNoPartialFileThatIsThere() throws {
    let partial = ".a.partial-\(getpid())"
    _ = try folder.put([7], "theirs")
    symlink("theirs", folder.file(partial))
    _ = try folder.put([8], partial + "-1")
    try AtomicFile.write([1], to: folder.file("a"))
    #expect(try folder.bytes("a") == [1])
    #expect(try folder.bytes("theirs") == [7])
    #expect(try folder.bytes(partial + "-1") == [8])
    #expect(try folder.names() == [partial, partial + "-1", "a", "theirs"])
  }

  @Test func writesTheLongestName() throws {
    let name = String(repeating: "ä", count: 127)
    try AtomicFile.write([1], to: folder.file(name))
    try AtomicFolder.write(to: folder.file(name + "b")) { _ in }
    #expect(try folder.names() == [name, name + "b"])
  }

  @Test func writesWhereALinkWillLead() throws {
    symlink("later", folder.file("link"))
    try AtomicFile.write([1], to: folder.file("link"))
    #expect(try folder.bytes("later") == [1])
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == "later")
  }

  @Test func checksAndChangesNothing() throws {
    try AtomicFile.check(folder.file("new"))
    try AtomicFile.check("/dev/null")
    for place in [folder.path, folder.file("none/a"), folder.file("a/")] {
      #expect(sentence { try AtomicFile.check(place) }.hasPrefix("Can't write '\(place)': "))
    }
    #expect(try folder.names().isEmpty)
  }

  /// Only files of killed processes, only those with the given names, and nothing but plain files.
  @Test func removesPartialFilesOfKilledProcesses() throws {
    let dead = pid_t.max - 1
    let stay = [
      ".a.partial-\(getpid())", ".a.partial-\(dead)-x", ".a.partial-", ".b.partial-\(dead)",
      "a.partial-\(dead)",
    ]
    for name in stay + [".a.partial-\(dead)", ".a.partial-\(dead)-2"] {
      _ = try folder.put([1], name)
    }
    symlink("nowhere", folder.file(".a.partial-\(dead)-3"))
    mkdir(folder.file(".a.partial-\(dead)-4"), 0o700)
    PartialFiles.remove(in: folder.path) { $0 == "a" }
    #expect(
      try folder.names()
        == (stay + [".a.partial-\(dead)-3", ".a.partial-\(dead)-4"]).sorted())
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
  func saysThatTheDiskIsFull() throws {
    let text = sentence { try AtomicFile.write([1, 2, 3], to: "/dev/full") }
    #expect(
      text == "Can't write '/dev/full': No space left on device; "
        + "the disk is full; free some space and try again.")
    #expect(FileManager.default.fileExists(atPath: "/dev/full"))
  }

  @Test func saysWhatIsInTheWay() throws {
    let missing = folder.file("none/a")
    #expect(
      sentence { try AtomicFile.write([1], to: missing) }
        == "Can't write '\(missing)': No such file or directory; check the path.")
    #expect(
      sentence { try AtomicFile.write([1], to: folder.path) }
        == "Can't write '\(folder.path)': Is a directory; name a file, not a folder.")
  }

  @Test func hintsAtAFullDiskForAFileSizeLimit() {
    let failure = FileFailure(path: "a", action: "write", code: EFBIG)
    #expect(failure.hint.hasPrefix("the disk is full"))
  }
}
