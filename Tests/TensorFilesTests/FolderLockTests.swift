import Foundation
import Testing

@testable import TensorFiles

/// A folder has one writer at a time, and nothing that is left behind keeps the next one out.
@Suite struct FolderLockTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func excludesASecondWriterAndNamesTheFirst() throws {
    #expect(FolderLock.holder(of: folder.path) == nil)
    let lock = try FolderLock(folder.path)
    let holder = try #require(FolderLock.holder(of: folder.path))
    #expect(holder.process == getpid() && holder.isThisProcess)
    #expect(
      sentence { _ = try FolderLock(folder.path) }
        == "\(folder.path): expected a directory that no process writes to, got one in use by "
        + "process \(getpid()) on '\(HostName.current)', since \(holder.since); wait until it has "
        + "ended, or name another.")
    withExtendedLifetime(lock) {}
  }

  @Test func leavesNothing() throws {
    do {
      let lock = try FolderLock(folder.path)
      #expect(try folder.names() == [FolderLock.name])
      withExtendedLifetime(lock) {}
    }
    #expect(try folder.names().isEmpty)
    #expect(FolderLock.holder(of: folder.path) == nil)
    _ = try FolderLock(folder.path)
  }

  /// The file of a process that was killed, longer than what the next one writes.
  @Test func takesALeftFile() throws {
    let left = FolderLock.Holder(
      process: 1, host: String(repeating: "x", count: 300), since: "2026-01-01T00:00:00Z")
    _ = try folder.put(Array(JSONEncoder().encode(left)), FolderLock.name)
    #expect(FolderLock.holder(of: folder.path) == nil)
    let lock = try FolderLock(folder.path)
    #expect(FolderLock.holder(of: folder.path)?.process == getpid())
    withExtendedLifetime(lock) {}
  }

  @Test func keepsAFileOfThatNameThatIsNoLock() throws {
    _ = try folder.put(Array("mine".utf8), FolderLock.name)
    #expect(throws: FileFailure.self) { try FolderLock(folder.path) }
    #expect(try folder.bytes(FolderLock.name) == Array("mine".utf8))
    unlink(folder.file(FolderLock.name))
    symlink("elsewhere", folder.file(FolderLock.name))
    #expect(throws: FileFailure.self) { try FolderLock(folder.path) }
    #expect(try folder.names() == [FolderLock.name])
  }

  /// Of many that try at once, one gets the lock at any time.
  @Test func letsOneInAtATime() async throws {
    let path = folder.path
    let overlaps = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var overlaps = 0
          for _ in 0..<50 {
            guard let lock = try? FolderLock(path) else { continue }
            let mark = path + "/held"
            if mkdir(mark, 0o700) != 0 { overlaps += 1 }
            rmdir(mark)
            withExtendedLifetime(lock) {}
          }
          return overlaps
        }
      }
      return await group.reduce(0, +)
    }
    #expect(overlaps == 0)
  }
}
