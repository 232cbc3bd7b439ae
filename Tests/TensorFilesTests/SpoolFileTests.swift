import Foundation
import Testing

@testable import TensorFiles

@Suite struct SpoolFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func bytesComeBack() throws {
    let file = try SpoolFile(in: folder.path)
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    try bytes.withUnsafeBytes { try file.write($0, at: 0) }
    try bytes[..<10].withUnsafeBytes { try file.write($0, at: 1000) }
    var read = [UInt8](repeating: 0, count: 20)
    try read.withUnsafeMutableBytes { try file.read(into: $0, at: 990) }
    #expect(read == Array(bytes[990...] + bytes[..<10]))
    #expect(throws: FileFailure.self) {
      try read.withUnsafeMutableBytes { try file.read(into: $0, at: 1000) }
    }
  }

  /// A process that is killed at any moment leaves nothing, or what the next one recognises.
  @Test func noOtherNameIsEverSeen() throws {
    let watch = inotify_init1(Int32(IN_NONBLOCK))
    defer { close(watch) }
    try #require(inotify_add_watch(watch, folder.path, UInt32(IN_CREATE)) >= 0)
    let file = try SpoolFile(in: folder.path)
    withExtendedLifetime(file) {
      #expect((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) == [])
      var events = [UInt8](repeating: 0, count: 4096)
      let count = read(watch, &events, events.count)
      guard count > 0 else { return }
      // Behind four numbers of four bytes each.
      let name = String(decoding: events[16..<count].prefix { $0 != 0 }, as: UTF8.self)
      #expect(PartialName.parse(name)?.name == NamelessFile.name, "\(name)")
    }
  }
}
