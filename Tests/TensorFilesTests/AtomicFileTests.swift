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

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
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
