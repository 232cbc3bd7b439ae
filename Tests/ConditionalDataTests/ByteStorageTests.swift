import Foundation
import RecordTypes
import Testing

@testable import ConditionalData

@Suite struct ByteStorageTests {
  @Test func memoryAndFileAreTheSame() throws {
    let folder = try TemporaryFolder()
    let path = try folder.put(Array(0...255), "bytes")
    let file = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
    let source = ByteStorage.MappedSource(path: path, digest: 0)
    let mapped = ByteStorage(mapped: file.prefix(200), source: source)
    let memory = ByteStorage(Array(0..<200))
    let unnamed = ByteStorage(mapped: file.prefix(200))
    #expect(unnamed == memory && unnamed.source == nil)
    #expect(mapped == memory && mapped.hashValue == memory.hashValue)
    #expect(mapped.count == 200 && mapped[199] == 199 && Array(mapped[3..<5]) == [3, 4])
    #expect(mapped != ByteStorage(Array(0..<199)))
    #expect(mapped != ByteStorage(Array(0..<199) + [0]))
    #expect(mapped.withUnsafeBufferPointer { Array($0) } == Array(0..<200))
  }
}
